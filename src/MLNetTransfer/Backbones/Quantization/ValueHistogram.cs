namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// How often a tensor takes which values. Counts are whole numbers, so that the order in which images are added changes nothing. Zeros are
/// counted apart: quantisation keeps them exactly, and ReLU makes many.
/// </summary>
/// <param name="low">The least value, at most 0.</param>
/// <param name="high">The greatest value, at least 0.</param>
internal sealed class ValueHistogram(float low, float high)
{
    private const int Bins = 2048;
    private readonly long[] _counts = new long[Bins];
    private readonly double _width = Math.Max(((double)high - low) / Bins, double.Epsilon);

    /// <summary>Adds values of the range.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        var inverse = 1 / _width;
        foreach (var value in values)
            if (value != 0)
                _counts[Math.Clamp((int)((value - low) * inverse), 0, Bins - 1)]++;
    }

    /// <summary>Adds what another histogram of the same range counted.</summary>
    public void Add(ValueHistogram other)
    {
        for (var i = 0; i < Bins; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>
    /// The range, no wider than that of the values, for which 8-bit integers have the smallest mean squared error: values outside are off by their
    /// distance to the range, values inside by a rounding error of variance step^2 / 12.
    /// </summary>
    public (float Low, float High) LeastError()
    {
        const int Steps = 100, Least = 10, Sweeps = 3;
        var (bestLow, bestHigh) = (low, high);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            bestHigh = Best(share => SquaredError(bestLow, high * share)) * high;
            bestLow = Best(share => SquaredError(low * share, bestHigh)) * low;
        }
        return (bestLow, bestHigh);

        static float Best(Func<float, double> error) =>
            Enumerable.Range(Least, Steps - Least + 1).Select(step => step / (float)Steps).OrderDescending().MinBy(error);
    }

    private double SquaredError(float from, float to)
    {
        var step = ((double)to - from) / byte.MaxValue;
        var (inside, outside) = (0L, 0.0);
        for (var i = 0; i < Bins; i++)
        {
            if (_counts[i] == 0)
                continue;
            var value = low + ((i + 0.5) * _width);
            var excess = value < from ? from - value : value > to ? value - to : 0;
            if (excess == 0)
                inside += _counts[i];
            else
                outside += _counts[i] * excess * excess;
        }
        return outside + (inside * step * step / 12);
    }
}
