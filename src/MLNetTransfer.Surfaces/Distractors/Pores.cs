using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>Open pores and bug holes: small dark hollows, many small and few large, sometimes in a row.</summary>
internal static class Pores
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var count = random.Whole(3, 22);
        var largest = random.Between(0.9f, 3.2f) * canvas.Scale;
        var row = random.Chance(0.25f);
        var (rowX, rowY) = Turn.Direction(random.Unit());
        var originX = random.Between(0.2f, 0.8f) * Canvas.Side;
        var originY = random.Between(0.2f, 0.8f) * Canvas.Side;
        for (var left = count; left > 0; left--)
        {
            var along = random.Around(0.5f) * Canvas.Side;
            var x = row ? originX + rowX * along + random.Around(5) : random.Unit() * Canvas.Side;
            var y = row ? originY + rowY * along + random.Around(5) : random.Unit() * Canvas.Side;
            var small = random.Unit();
            PaintPore(canvas, x, y, Math.Max(1f, largest * (0.25f + 0.75f * small * small * small)), random);
        }
    }

    private static void PaintPore(Canvas canvas, float centreX, float centreY, float radius, RandomStream random)
    {
        var (cosine, sine) = Turn.Direction(random.Unit());
        var flat = random.Between(0.5f, 1f);
        var dark = random.Between(0.25f, 0.75f);
        var reach = (int)radius + 2;
        for (var y = Math.Max(0, (int)centreY - reach); y <= Math.Min(Canvas.Side - 1, (int)centreY + reach); y++)
            for (var x = Math.Max(0, (int)centreX - reach); x <= Math.Min(Canvas.Side - 1, (int)centreX + reach); x++)
            {
                float dx = x - centreX, dy = y - centreY;
                var along = dx * cosine + dy * sine;
                var across = (dy * cosine - dx * sine) / flat;
                var share = Math.Clamp((radius - MathF.Sqrt(along * along + across * across)) / 1.5f + 0.3f, 0f, 1f);
                var pixel = y * Canvas.Side + x;
                canvas.Height[pixel] -= 0.6f * radius * share;
                canvas.Multiply(pixel, 1 - dark * share);
            }
    }
}
