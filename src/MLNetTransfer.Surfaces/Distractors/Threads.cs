using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>Things that lie on or hang before the surface: smooth curves of even width, from a hair to a cable, with their shadow.</summary>
internal static class Threads
{
    public static void PaintFibre(Canvas canvas, RandomStream random)
    {
        var width = random.Between(0.4f, 1.1f) * canvas.Scale;
        var tint = Tint.Grey(random.Chance(0.6f) ? random.Between(0.02f, 0.1f) : random.Between(0.4f, 0.8f));
        Paint(canvas, random, width, random.Between(15, 70) * canvas.Scale, 0.45f, tint, random.Between(0.5f, 0.9f), random.Between(0.5f, 2f));
    }

    public static void PaintCable(Canvas canvas, RandomStream random)
    {
        var width = random.Between(2f, 5f) * canvas.Scale;
        var tint = random.Chance(0.5f) ? Tint.Grey(random.Between(0.02f, 0.08f))
            : new Tint(random.Between(0.1f, 0.5f), random.Between(0.1f, 0.4f), random.Between(0.08f, 0.4f));
        Paint(canvas, random, width, 260 * canvas.Scale, 0.06f, tint, 1, random.Between(1, 6));
    }

    private static void Paint(
        Canvas canvas, RandomStream random, float width, float length, float bend, Tint tint, float opaque, float clearance)
    {
        var heading = random.Unit();
        var (dx, dy) = Turn.Direction(heading);
        var back = Math.Min(length, 1.5f * Canvas.Side) * 0.5f;
        var stroke = new Stroke();
        stroke.AddCurve(random, random.Between(0.15f, 0.85f) * Canvas.Side - dx * back, random.Between(0.15f, 0.85f) * Canvas.Side - dy * back,
            heading, length, width, bend);
        var plane = new float[Canvas.Side * Canvas.Side];
        var round = new float[plane.Length];
        stroke.Draw(plane, 1.2f);
        stroke.Draw(round, Math.Max(1.5f, width));
        var (awayX, awayY) = Turn.Direction(random.Unit());
        var shiftX = (int)MathF.Floor(awayX * clearance * canvas.Scale);
        var shiftY = (int)MathF.Floor(awayY * clearance * canvas.Scale);
        var shade = random.Between(0.1f, 0.5f);
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                var fromX = Math.Clamp(x - shiftX, 0, Canvas.Side - 1);
                var fromY = Math.Clamp(y - shiftY, 0, Canvas.Side - 1);
                canvas.Light[i] *= 1 - shade * round[fromY * Canvas.Side + fromX] * (1 - plane[i]);
                if (plane[i] <= 0)
                    continue;
                canvas.Height[i] += 0.4f * width * round[i];
                canvas.Cover(i, tint, opaque * plane[i]);
            }
    }
}
