namespace MLNetTransfer.Backbones.Quantization;

/// <summary>How a backbone is quantised.</summary>
public sealed class QuantizationOptions
{
    /// <summary>Which values of a tensor are covered; default <see cref="ActivationRange.LeastError"/>.</summary>
    public ActivationRange Activations { get; init; } = ActivationRange.LeastError;

    /// <summary>Whether weights keep to 7 bits; default false.</summary>
    public bool ReducedRange { get; init; }

    /// <summary>Convolutions that stay float, by the names of their output tensors; default none.</summary>
    public IReadOnlyList<string> Float { get; init; } = [];
}
