using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>A patch where a thin coat has come off or been put on again: a step in height and tone with a crumbled outline.</summary>
internal static class Flakes
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var radius = random.Between(5, 22) * canvas.Scale;
        var flat = random.Between(0.5f, 1f);
        var (cosine, sine) = Turn.Direction(random.Unit());
        var centreX = random.Between(0.05f, 0.95f) * Canvas.Side;
        var centreY = random.Between(0.05f, 0.95f) * Canvas.Side;
        var outline = new NoiseField(random);
        var tone = random.Chance(0.5f) ? random.Between(0.05f, 0.25f) : -random.Between(0.08f, 0.3f);
        var step = random.Between(-0.6f, 0.35f) * canvas.Scale;
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                float dx = x - centreX, dy = y - centreY;
                var along = (dx * cosine + dy * sine) / radius;
                var across = (dy * cosine - dx * sine) / (radius * flat);
                var edge = 1 + 0.2f * outline.Fractal(x * 0.9f / radius, y * 0.9f / radius, 5, 0.6f) - MathF.Sqrt(along * along + across * across);
                var share = Math.Clamp(edge * radius / 2f, 0f, 1f);
                if (share <= 0)
                    continue;
                canvas.Height[i] += step * share;
                canvas.Multiply(i, 1 + tone * share);
            }
    }
}
