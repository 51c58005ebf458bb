namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// How the values of a tensor become unsigned 8-bit integers: q = clamp(round(x / Scale) + ZeroPoint, 0, 255), and back: (q - ZeroPoint) Scale.
/// </summary>
/// <param name="Scale">The step between two neighbours, greater than 0.</param>
/// <param name="ZeroPoint">The integer that stands for exactly 0, so that padding and ReLU cost nothing.</param>
internal readonly record struct AffineScale(float Scale, byte ZeroPoint)
{
    // Below this a step would leave the normal numbers once it is multiplied by the step of a weight.
    private const float SmallestScale = 1e-12f;

    /// <summary>The scale that covers a range of values, widened to hold 0. A range of 0 alone gets a step of 1: 0 stays 0.</summary>
    public static AffineScale Covering(float low, float high)
    {
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        var width = (double)high - low;
        if (width == 0)
            return new AffineScale(1, 0);
        var scale = Math.Max((float)(width / byte.MaxValue), SmallestScale);
        return new AffineScale(scale, (byte)Math.Clamp(Math.Round(-low / (double)scale), 0, byte.MaxValue));
    }
}
