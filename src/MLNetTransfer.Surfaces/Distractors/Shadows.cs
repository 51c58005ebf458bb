using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>A shadow that falls on the surface: the edge of a building, a post, or a wire.</summary>
internal static class Shadows
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var (alongX, alongY) = Turn.Direction(random.Unit());
        var middleX = random.Between(0.15f, 0.85f) * Canvas.Side;
        var middleY = random.Between(0.15f, 0.85f) * Canvas.Side;
        var soft = random.Between(1.5f, 14f) * canvas.Scale;
        var width = random.Chance(0.5f) ? 2 * Canvas.Side : random.Between(2f, 18f) * canvas.Scale;
        var depth = random.Between(0.25f, 0.75f) * Math.Min(1f, 1.5f * width / soft);
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                var across = (y - middleY) * alongX - (x - middleX) * alongY;
                var enters = Math.Clamp(across / soft + 0.5f, 0f, 1f);
                var leaves = Math.Clamp((across - width) / soft + 0.5f, 0f, 1f);
                canvas.Light[i] *= 1 - depth * (Smooth(enters) - Smooth(leaves));
            }
    }

    private static float Smooth(float t) => t * t * (3 - 2 * t);
}
