using System.Buffers;

namespace MLNetTransfer.Images;

/// <summary>
/// The weights of one axis of an anti-aliased resize: output i is the sum over k below Count[i] of input First[i] + k times weight
/// i Taps + k, in pooled arrays. Triangle filter whose support grows with the scale when shrinking, as in PIL's BILINEAR and torchvision's antialias=True.
/// </summary>
internal readonly struct ResizeWeights : IDisposable
{
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _values;
    private readonly int _outputs;

    private ResizeWeights(int outputs, int taps)
    {
        _outputs = outputs;
        Taps = taps;
        _first = ArrayPool<int>.Shared.Rent(outputs);
        _count = ArrayPool<int>.Shared.Rent(outputs);
        _values = ArrayPool<float>.Shared.Rent(outputs * taps);
    }

    public Span<int> First => _first.AsSpan(0, _outputs);
    public Span<int> Count => _count.AsSpan(0, _outputs);
    public Span<float> Values => _values.AsSpan(0, _outputs * Taps);
    public int Taps { get; }

    /// <summary>The weights of a window of the output.</summary>
    /// <param name="input">Pixels along the input axis.</param>
    /// <param name="output">Pixels along the whole output axis.</param>
    /// <param name="start">The first output pixel wanted.</param>
    /// <param name="length">How many output pixels are wanted.</param>
    public static ResizeWeights Create(int input, int output, int start, int length)
    {
        var scale = (double)input / output;
        var support = Math.Max(scale, 1);
        var weights = new ResizeWeights(length, Math.Min(input, ((int)Math.Ceiling(support) * 2) + 1));
        var firsts = weights.First;
        var counts = weights.Count;
        var values = weights.Values;
        for (var i = 0; i < length; i++)
        {
            var center = (start + i + 0.5) * scale;
            var first = Math.Max((int)(center - support + 0.5), 0);
            var end = Math.Min((int)(center + support + 0.5), input);
            // Pixels right on the edge of the triangle weigh nothing.
            while (end - 1 > first && Triangle(end - 1, center, support) == 0)
                end--;
            var sum = 0.0;
            for (var at = first; at < end; at++)
                sum += Triangle(at, center, support);
            firsts[i] = first;
            counts[i] = end - first;
            for (var at = first; at < end; at++)
                values[(i * weights.Taps) + at - first] = (float)(Triangle(at, center, support) / sum);
        }
        return weights;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_count);
        ArrayPool<float>.Shared.Return(_values);
    }

    private static double Triangle(int pixel, double center, double support) =>
        Math.Max(0, 1 - (Math.Abs(pixel - center + 0.5) / support));
}
