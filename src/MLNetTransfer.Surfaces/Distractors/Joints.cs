using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>A straight line across the picture: a formwork line, an open joint, a saw cut or a sealed seam.</summary>
internal static class Joints
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var heading = (random.Chance(0.5f) ? 0.25f : 0f) + random.Around(0.03f);
        var (alongX, alongY) = Turn.Direction(heading);
        var middleX = random.Between(0.12f, 0.88f) * Canvas.Side;
        var middleY = random.Between(0.12f, 0.88f) * Canvas.Side;
        var width = random.Between(0.7f, 3.2f) * canvas.Scale;
        var stroke = new Stroke();
        stroke.Add(middleX - 400 * alongX, middleY - 400 * alongY, width);
        stroke.Add(middleX + 400 * alongX, middleY + 400 * alongY, width);
        var plane = new float[Canvas.Side * Canvas.Side];
        var wear = new NoiseField(random).Plane(Canvas.Side, 5 * canvas.Scale, 3, 0.6f);
        stroke.Draw(plane, 1.5f, 1f, wear, random.Between(0.02f, 0.12f));
        var raised = random.Chance(0.35f);
        var tone = raised ? random.Between(-0.1f, 0.2f) : random.Chance(0.2f) ? random.Between(0.1f, 0.3f) : -random.Between(0.3f, 0.8f);
        var depth = (raised ? -0.35f : random.Between(0.1f, 0.6f)) * Math.Min(width, 2f * canvas.Scale);
        var step = random.Around(0.5f) * canvas.Scale;
        var change = random.Around(0.08f);
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                // The two sides were cast, laid or painted on different days.
                var side = (y - middleY) * alongX - (x - middleX) * alongY;
                var beyond = Math.Clamp(side / 2f + 0.5f, 0f, 1f);
                canvas.Height[i] += step * beyond - depth * plane[i];
                canvas.Multiply(i, (1 + change * beyond) * (1 + tone * plane[i] * Math.Clamp(0.9f + 0.15f * wear[i], 0.4f, 1.1f)));
            }
    }
}
