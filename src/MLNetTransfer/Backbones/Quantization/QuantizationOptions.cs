namespace MLNetTransfer.Backbones.Quantization;

/// <summary>How a backbone is quantised. The defaults are what was measured best.</summary>
public sealed class QuantizationOptions
{
    /// <summary>Which values of a tensor its 256 steps cover; default <see cref="ActivationRange.LeastError"/>.</summary>
    public ActivationRange Activations { get; init; } = ActivationRange.LeastError;

    /// <summary>
    /// How many convolutions, from the input on, stay in 32-bit floats, 0 or more. Null (default) chooses: none when the noise of quantisation is
    /// at most a hundredth of the variance of the features (20 dB), else up to 8 until it is, and if that does not suffice the fewest that come
    /// within 1 dB of the best. Early layers of narrow networks pass their noise on to everything behind them.
    /// </summary>
    public int? FloatConvolutions { get; init; }

    /// <summary>
    /// Whether weights keep to 7 bits; default false. Processors with VNNI (or on ARM, dot products) add products of bytes in 32 bits and need no
    /// such care. Those without add pairs of them in 16 bits, which can overflow with weights of 8 bits: set this for a network that will run there.
    /// It costs 3 to 5 dB of the features of the embedded backbone.
    /// </summary>
    public bool ReducedRange { get; init; }

    internal void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Activations))
            faults.Add($"{nameof(Activations)} is LeastError or Full; received {(int)Activations}.");
        if (FloatConvolutions < 0)
            faults.Add(FormattableString.Invariant($"{nameof(FloatConvolutions)} is 0 or more, or null; received {FloatConvolutions}."));
        if (faults.Count > 0)
            throw new TransferException("Options of quantisation are wrong. " + string.Join(' ', faults));
    }
}
