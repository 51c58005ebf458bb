namespace MLNetTransfer.Transfer;

/// <summary>A finished transfer: the model and what it is worth. Immutable.</summary>
public sealed class TransferResult
{
    internal TransferResult(
        TransferModel model, EvaluatedImages validation, EvaluatedImages? test, IReadOnlyList<SkippedImage> skipped, IReadOnlyList<string> warnings) =>
        (Model, Validation, Test, Skipped, Warnings) = (model, validation, test, skipped, warnings);

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

    /// <summary>What is odd about the features the head was trained on, as when the images were prepared otherwise than the network expects; usually empty.</summary>
    public IReadOnlyList<string> Warnings { get; }
}
