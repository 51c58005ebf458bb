namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Which range of values of a tensor the 256 steps of 8-bit integers cover.</summary>
public enum ActivationRange
{
    /// <summary>The range with the least mean squared error on the calibration images: rare large values are cut off where that makes the steps finer.</summary>
    LeastError,

    /// <summary>All values that occurred.</summary>
    Full,
}
