namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Cellular noise (Worley, "A cellular texture basis function", 1996): one random point a cell of a jittered grid.</summary>
internal sealed class CellField(RandomStream random)
{
    private readonly ulong _seed = random.NextBits();

    /// <summary>Distances to the nearest two points in cells, and a number in 0..1 that belongs to the nearest.</summary>
    public (float Nearest, float Second, float Mark) At(float x, float y)
    {
        var column = (int)MathF.Floor(x);
        var row = (int)MathF.Floor(y);
        float nearest = 9, second = 9, mark = 0;
        for (var r = row - 1; r <= row + 1; r++)
            for (var c = column - 1; c <= column + 1; c++)
            {
                var bits = Mix(_seed + (ulong)(uint)c * 0x9E3779B97F4A7C15UL + (ulong)(uint)r * 0xC2B2AE3D27D4EB4FUL);
                var dx = c + (bits & 0xFFFF) * (1f / 65536f) - x;
                var dy = r + ((bits >> 16) & 0xFFFF) * (1f / 65536f) - y;
                var square = dx * dx + dy * dy;
                if (square < nearest)
                {
                    second = nearest;
                    nearest = square;
                    mark = ((bits >> 32) & 0xFFFF) * (1f / 65536f);
                }
                else if (square < second)
                {
                    second = square;
                }
            }
        return (MathF.Sqrt(nearest), MathF.Sqrt(second), mark);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        return z ^ (z >> 29);
    }
}
