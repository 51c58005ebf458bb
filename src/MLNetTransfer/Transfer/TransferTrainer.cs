using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>
/// Transfers a pretrained network to a new task: its layers up to a cut are reused as they are, its output layer is replaced by one trained on
/// the given images. Images -> features, computed once -> groups of near-duplicates -> held-out part -> head, everything about it (the cut
/// too, when that is left open) chosen by cross-validation -> figures.
/// </summary>
public static class TransferTrainer
{
    /// <summary>Trains a model and measures it on images it has not seen.</summary>
    /// <param name="images">The labelled images of the target: two classes or more, two readable images or more of each.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as images and stages are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The transfer was cancelled.</exception>
    public static TransferResult Train(
        ImageSet images, TransferOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new TransferOptions();
        options.Validate();
        images.RequireTrainable();
        if (options.Test is not null)
            FeaturisedImages.RequireClasses(options.Test, images.Classes);
        var positive = PositiveOf(images, options.Positive);
        var backbone = options.Backbone ?? Backbone.Embedded;
        var cuts = options.Cut == Cut.Auto ? CutCandidates.All(backbone) : CutCandidates.One(backbone, options.Cut);
        using var extractor = new BottleneckExtractor(cuts.Network, options.Threads, options.Cache);

        var target = FeaturisedImages.Extract(images, extractor, "reading images", progress, cancellation);
        var (train, test) = options.Test is { } given
            ? HeldOutPart.Given(target, FeaturisedImages.Extract(given, extractor, "reading test images", progress, cancellation))
            : HeldOutPart.Drawn(target, options.TestFraction, options.Seed);

        progress?.Report(new TransferProgress("training the head", 0, 1));
        var headOptions = new HeadOptions { Seed = options.Seed, ClassWeights = options.ClassWeights, Threads = options.Threads };
        int[] labels = [.. train.Images.LabelIndices];
        var head = HeadTrainer.Train(
            cuts.ViewsOf(train.Features), labels, DuplicateGroups.Find(train.Fingerprints), images.Classes, positive, headOptions, cancellation);
        var cut = cuts.NetworkOf(head.Candidate);
        progress?.Report(new TransferProgress("training the head", 1, 1));

        var validation = new EvaluatedImages(train.Images, head.CrossValidatedProbabilities,
            Evaluator.EvaluateDecided(images.Classes, positive, labels, head.CrossValidatedProbabilities, head.CrossValidatedDecisions), target.Skipped);
        var tested = test is null ? null : (test with { Features = cuts.ViewsOf(test.Features)[head.Candidate].ToMatrix() }).Evaluate(head.Linear);
        IReadOnlyList<SkippedImage> skipped = [.. train.Skipped, .. test?.Skipped ?? []];
        var card = ModelCard.Create(options, cut, options.Cut == Cut.Auto ? cuts.Figures(head) : [], head, train, validation.Result, tested?.Result, skipped);
        var warnings = FeatureWarnings.Of(cuts.ViewsOf(train.Features)[head.Candidate].ToMatrix());
        return new TransferResult(new TransferModel(card, cut, head.Transformer), validation, tested, skipped, warnings);
    }

    internal static string? PositiveOf(ImageSet images, string? asked)
    {
        if (images.Classes.Count > 2 && asked is not null)
            throw new TransferException(
                $"A positive class belongs to a task of two classes; received '{asked}' and {images.Classes.Count} classes. Leave it out.");
        if (images.Classes.Count > 2)
            return null;
        return asked is null ? images.Classes[1] : images.Classes[images.LabelIndexOf(asked)];
    }
}
