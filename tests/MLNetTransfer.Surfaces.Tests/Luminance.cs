using SkiaSharp;

namespace MLNetTransfer.Surfaces.Tests;

/// <summary>Measures of a picture that a shallow rule could use.</summary>
internal static class Luminance
{
    public static float[] Of(SKBitmap bitmap) => [.. bitmap.Pixels.Select(p => 0.299f * p.Red + 0.587f * p.Green + 0.114f * p.Blue)];

    public static double Deviation(float[] luminance)
    {
        var mean = luminance.Average();
        return Math.Sqrt(luminance.Average(value => (value - mean) * (value - mean)));
    }

    /// <summary>Deviation of what the mean of the four neighbours does not explain: noise and fine texture.</summary>
    public static double Roughness(float[] luminance, int side)
    {
        double sum = 0;
        for (var y = 1; y < side - 1; y++)
            for (var x = 1; x < side - 1; x++)
            {
                var i = y * side + x;
                var rest = luminance[i] - (luminance[i - 1] + luminance[i + 1] + luminance[i - side] + luminance[i + side]) / 4;
                sum += rest * rest;
            }
        return Math.Sqrt(sum / ((side - 2) * (side - 2)));
    }

    /// <summary>128 bits: whether each block mean is above its right neighbour's, and above the one's below.</summary>
    public static (ulong Across, ulong Down) DifferenceHash(float[] luminance, int side)
    {
        var turned = new float[luminance.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i % side * side + i / side] = luminance[i];
        return (HashAcross(luminance, side), HashAcross(turned, side));
    }

    private static ulong HashAcross(float[] luminance, int side)
    {
        ulong hash = 0;
        for (var row = 0; row < 8; row++)
            for (var column = 0; column < 8; column++)
                hash = hash << 1 | (Mean(row, column) > Mean(row, column + 1) ? 1UL : 0);
        return hash;

        float Mean(int row, int column)
        {
            var (top, bottom, left, right) = (row * side / 8, (row + 1) * side / 8, column * side / 9, (column + 1) * side / 9);
            var sum = 0f;
            for (var y = top; y < bottom; y++)
                for (var x = left; x < right; x++)
                    sum += luminance[y * side + x];
            return sum / ((bottom - top) * (right - left));
        }
    }
}
