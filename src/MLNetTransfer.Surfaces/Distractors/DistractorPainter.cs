using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>Puts on a surface what an inspector must not take for a crack.</summary>
internal static class DistractorPainter
{
    // In the order in which they come to lie over each other.
    private static readonly (string Name, Func<DistractorRates, float> Rate, Action<Canvas, RandomStream> Paint)[] Kinds =
    [
        ("stains", rates => rates.Stains, Stains.PaintPatch),
        ("water marks", rates => rates.WaterMarks, Stains.PaintRim),
        ("flakes", rates => rates.Flakes, Flakes.Paint),
        ("pores", rates => rates.Pores, Pores.Paint),
        ("joints", rates => rates.Joints, Joints.Paint),
        ("scratches", rates => rates.Scratches, Scratches.Paint),
        ("runs", rates => rates.Runs, Runs.Paint),
        ("fibres", rates => rates.Fibres, Threads.PaintFibre),
        ("cables", rates => rates.Cables, Threads.PaintCable),
        ("shadows", rates => rates.Shadows, Shadows.Paint),
    ];

    public static void Paint(Canvas canvas, DistractorRates rates, RandomStream random)
    {
        foreach (var (name, rate, paint) in Kinds)
        {
            var stream = random.Derive(name);
            for (var left = stream.Count(rate(rates)); left > 0; left--)
                paint(canvas, stream);
        }
    }
}
