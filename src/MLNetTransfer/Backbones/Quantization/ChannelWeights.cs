using System.Numerics.Tensors;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// The weights of a convolution as signed 8-bit integers, each output channel with a scale of its own, and its biases as 32-bit integers with
/// the scale (input step x weight step) of the sums they are added to.
/// </summary>
/// <param name="Values">The weights in their order, -127 to 127 (-63 to 63 with a reduced range).</param>
/// <param name="Scales">The step of every output channel.</param>
/// <param name="Biases">The bias of every output channel in steps of input scale x weight scale.</param>
/// <param name="BiasScales">That product.</param>
internal sealed record ChannelWeights(sbyte[] Values, float[] Scales, int[] Biases, float[] BiasScales)
{
    /// <summary>Seven bits: the processor adds two products of unsigned and signed bytes in 16 bits where it has no VNNI, which then cannot overflow.</summary>
    private const int ReducedLargest = 63;

    // Half the range of the sums is left to the products: 2^30 / (255 x 127) of them.
    private const double LargestBias = 1 << 30;

    /// <summary>Quantises weights symmetrically: 0 is 0.</summary>
    /// <param name="weights">The weights, output channel after output channel.</param>
    /// <param name="biases">One an output channel.</param>
    /// <param name="inputScale">The step of the convolution's input.</param>
    /// <param name="isReduced">Whether to keep to 7 bits.</param>
    public static ChannelWeights Quantise(float[] weights, float[] biases, float inputScale, bool isReduced)
    {
        var (channels, largest) = (biases.Length, isReduced ? ReducedLargest : sbyte.MaxValue);
        var size = weights.Length / channels;
        var (values, scales, integers, biasScales) = (new sbyte[weights.Length], new float[channels], new int[channels], new float[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = weights.AsSpan(channel * size, size);
            var step = BestStep(row, largest);
            // A channel of tiny weights beside a large bias would need a bias of more than 32 bits: its weights get coarser instead.
            var scale = (float)Math.Max(step, Math.Abs(biases[channel]) / (inputScale * LargestBias));
            scales[channel] = scale > 0 && float.IsNormal(scale * inputScale) ? scale : 1;
            for (var i = 0; i < size; i++)
                values[(channel * size) + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scales[channel]), -largest, largest);
            biasScales[channel] = inputScale * scales[channel];
            integers[channel] = (int)Math.Round(biases[channel] / (double)biasScales[channel]);
        }
        return new ChannelWeights(values, scales, integers, biasScales);
    }

    /// <summary>
    /// The peak divided by the whole number, up to the largest, that has the smallest squared error: the largest as a rule, but weights that
    /// have been 8-bit integers before find their old step again and lose nothing.
    /// </summary>
    private static float BestStep(ReadOnlySpan<float> row, int largest)
    {
        var peak = Math.Abs(TensorPrimitives.MaxMagnitude(row));
        var (best, least) = (peak / largest, double.PositiveInfinity);
        for (var count = largest; count > 0 && peak > 0 && least > 0; count--)
        {
            var (step, error) = (peak / count, 0.0);
            for (var i = 0; i < row.Length && error < least; i++)
            {
                double miss = row[i] - (MathF.Round(row[i] / step) * step);
                error += miss * miss;
            }
            if (error < least)
                (best, least) = (step, error);
        }
        return best;
    }
}
