using Microsoft.ML.Vision;
using MLNetTransfer.Images;

namespace MLNetTransfer.TensorFlow;

/// <summary>How ML.NET's image classification trainer learns. The defaults are its own; what is held out is as in a transfer.</summary>
public sealed class ImageClassificationOptions
{
    /// <summary>The network to reuse, default ResnetV250. ML.NET downloads it during training, without checking what it gets, and cuts it at its 1001 class scores.</summary>
    public ImageClassificationTrainer.Architecture Architecture { get; init; } = ImageClassificationTrainer.Architecture.ResnetV250;

    /// <summary>The positive class of two; null (default) takes the second in ordinal order. More classes have none.</summary>
    public string? Positive { get; init; }

    /// <summary>Held-out images of the target; null (default) holds a share of the training images out instead.</summary>
    public ImageSet? Test { get; init; }

    /// <summary>The share of the images held out when <see cref="Test"/> is null, 0 up to 1; default .2; 0 holds none out.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>The share of the training images that early stopping watches instead of learning from, between 0 and 1, both exclusive; default .1, stratified.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The most passes over the training images, 1 or more; default 200.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>Images a step, 1 up to the number of training images; default 10.</summary>
    public int BatchSize { get; init; } = 10;

    /// <summary>The learning rate of the first two epochs, above 0; default .01; it then falls by 6 % every two epochs.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>Epochs without gain after which training stops, 1 or more; default 20; null never stops early.</summary>
    public int? Patience { get; init; } = 20;

    /// <summary>The validation accuracy that counts as a gain, 0 or more; default .01.</summary>
    public float MinDelta { get; init; } = 0.01f;

    /// <summary>The seed of what is held out and of the order of images; default 1. TensorFlow draws the first weights without it: two runs differ a little.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        (bool Wrong, string Rule)[] rules =
        [
            (!Enum.IsDefined(Architecture), $"Architecture is one of {string.Join(", ", Enum.GetNames<ImageClassificationTrainer.Architecture>())}; received {(int)Architecture}."),
            (!(TestFraction is >= 0 and < 1), FormattableString.Invariant($"TestFraction is 0 up to 1; received {TestFraction}.")),
            (!(ValidationFraction is > 0 and < 1), FormattableString.Invariant($"ValidationFraction lies between 0 and 1; received {ValidationFraction}.")),
            (Epochs < 1, FormattableString.Invariant($"Epochs is 1 or more; received {Epochs}.")),
            (BatchSize < 1, FormattableString.Invariant($"BatchSize is 1 or more; received {BatchSize}.")),
            (!(LearningRate > 0 && float.IsFinite(LearningRate)), FormattableString.Invariant($"LearningRate is above 0; received {LearningRate}.")),
            (Patience < 1, FormattableString.Invariant($"Patience is 1 or more, or null; received {Patience}.")),
            (!(MinDelta >= 0), FormattableString.Invariant($"MinDelta is 0 or more; received {MinDelta}.")),
        ];
        string[] faults = [.. rules.Where(rule => rule.Wrong).Select(rule => rule.Rule)];
        if (faults.Length > 0)
            throw new TransferException("Options of the image classification are wrong. " + string.Join(' ', faults));
    }
}
