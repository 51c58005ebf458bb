namespace MLNetTransfer.Transfer;

/// <summary>A finished transfer: the model and what it is worth. Immutable.</summary>
public sealed class TransferResult
{
    internal TransferResult(TransferModel model, EvaluatedImages validation, EvaluatedImages? test, IReadOnlyList<SkippedImage> skipped) =>
        (Model, Validation, Test, Skipped) = (model, validation, test, skipped);

    /// <summary>The model, trained on the training images alone.</summary>
    public TransferModel Model { get; }

    /// <summary>
    /// Nested cross-validation on the training images: each was predicted by a head that saw neither it nor a near-duplicate, with every
    /// choice (regularisation, calibration, threshold) made without it.
    /// </summary>
    public EvaluatedImages Validation { get; }

    /// <summary>The model on held-out images, which took part in nothing; null when none were held out.</summary>
    public EvaluatedImages? Test { get; }

    /// <summary>Every image that was left out, with the reason: unreadable ones, and training images too similar to a given test image.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }
}
