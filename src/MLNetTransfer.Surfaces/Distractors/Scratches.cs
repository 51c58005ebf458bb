using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>Shallow scratches: nearly straight, of even width, often several side by side, light or dark.</summary>
internal static class Scratches
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var heading = random.Unit();
        var stroke = new Stroke();
        var width = random.Between(0.5f, 1.5f) * canvas.Scale;
        var x = random.Between(0.1f, 0.9f) * Canvas.Side;
        var y = random.Between(0.1f, 0.9f) * Canvas.Side;
        for (var left = random.Whole(1, 3); left > 0; left--)
        {
            stroke.AddCurve(random, x, y, heading + random.Around(0.015f), random.Between(20, 90) * canvas.Scale,
                width * random.Between(0.6f, 1f), 0.02f);
            x += random.Around(9) * canvas.Scale;
            y += random.Around(9) * canvas.Scale;
        }
        var plane = new float[Canvas.Side * Canvas.Side];
        stroke.Draw(plane, 1.4f);
        var tone = random.Chance(0.5f) ? random.Between(0.15f, 0.45f) : -random.Between(0.2f, 0.55f);
        var depth = random.Between(0.05f, 0.25f) * canvas.Scale;
        for (var i = 0; i < plane.Length; i++)
            if (plane[i] > 0)
            {
                canvas.Height[i] -= depth * plane[i];
                canvas.Multiply(i, 1 + tone * plane[i]);
            }
    }
}
