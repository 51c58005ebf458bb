using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// Transfers a network and trains its upper layers too. The result is an ordinary model: its layers are ONNX, its head is ML.NET's, and whoever serves it needs no libtorch.
/// </summary>
public static class FineTuner
{
    /// <summary>Trains a model and measures it on images it has not seen.</summary>
    /// <param name="images">The labelled images of the target: two classes or more, two readable images or more of each.</param>
    /// <param name="fineTuning">Which layers train, and how.</param>
    /// <param name="options">The transfer: backbone, the cut whose features the head takes, held-out images, seed; null for the defaults. Its cut is no "auto" here.</param>
    /// <param name="progress">Told as images, epochs and stages are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second; nothing is left behind but the files of a checkpoint folder.</param>
    /// <exception cref="TransferException">The images or options cannot be used, or the disk is full; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TransferResult Train(
        ImageSet images, FineTuningOptions fineTuning, TransferOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(fineTuning);
        options ??= new TransferOptions();
        options.Validate();
        fineTuning.Validate();
        images.RequireTrainable();
        if (options.Test is not null)
            FeaturisedImages.RequireClasses(options.Test, images.Classes);
        var positive = TransferTrainer.PositiveOf(images, options.Positive);
        var backbone = options.Backbone ?? Backbone.Embedded;
        var network = backbone.CutAt(backbone.FindCut(options.Cut));
        if (fineTuning.CheckpointFolder is { } folder)
            Directory.CreateDirectory(folder);

        using var extractor = new BottleneckExtractor(network, options.Threads, options.Cache);
        var target = FeaturisedImages.Extract(images, extractor, "reading images", progress, cancellation);
        var (train, test) = options.Test is { } given
            ? HeldOutPart.Given(target, FeaturisedImages.Extract(given, extractor, "reading test images", progress, cancellation))
            : HeldOutPart.Drawn(target, options.TestFraction, options.Seed);
        int[] labels = [.. train.Images.LabelIndices], groups = DuplicateGroups.Find(train.Fingerprints);
        HeadInput.Validate(train.Features, labels, groups, images.Classes, positive);

        var total = train.Images.Images.Count;
        using var layers = new UpperLayers(network, train, groups, fineTuning, options, done => progress?.Report(new TransferProgress("computing frozen layers", done, total)), cancellation);
        var (final, outOfFold, folds) = Trainings.Run(layers, labels, groups, images.Classes.Count, fineTuning, options, progress, cancellation);

        var head = HeadOf(final, outOfFold, folds, labels, images.Classes, positive, options.Seed);
        var cut = TunedCut(network, final.Onnx, fineTuning.HiddenUnits);
        var validation = new EvaluatedImages(train.Images, head.CrossValidatedProbabilities,
            Evaluator.EvaluateDecided(images.Classes, positive, labels, head.CrossValidatedProbabilities, head.CrossValidatedDecisions), target.Skipped);
        var tested = test is null ? null : Evaluate(test, cut, head.Linear, options, progress, cancellation);
        IReadOnlyList<SkippedImage> skipped = [.. train.Skipped, .. test?.Skipped ?? []];
        var card = ModelCard.Create(options, cut, [], head, train, validation.Result, tested?.Result, skipped, FactsOf(fineTuning, final, folds.Max() + 1));
        IReadOnlyList<string> warnings = [.. FeatureWarnings.Of(train.Features), .. final.Divergence is null ? Array.Empty<string>() : [final.Divergence]];
        return new TransferResult(new TransferModel(card, cut, head.Transformer), validation, tested, skipped, warnings);
    }

    /// <summary>The network with trained layers, called like the one it came from.</summary>
    internal static BackboneCut TunedCut(BackboneCut network, byte[] onnx, int hiddenUnits)
    {
        var model = Backbones.Onnx.OnnxFile.Parse(onnx, network.Backbone.Name);
        var cut = hiddenUnits == 0 ? network.Cut : new Cut(network.Cut.Name, network.Cut.Tensors, hiddenUnits);
        return new BackboneCut(network.Backbone, cut, onnx, network.InputName, model.Graph.Output[0].Name);
    }

    private static TrainedHead HeadOf(TunedNetwork final, double[] scores, int[] folds, int[] labels, IReadOnlyList<string> classes, string? positive, int seed)
    {
        var outputs = LinearModel.OutputsFor(classes.Count);
        var features = final.Head.Length / outputs - 1;
        var isFirst = classes.Count == 2 && positive == classes[0];
        var model = new LinearModel(new FeatureView(new FeatureMatrix(0, features, [])), outputs);
        double[] weights = [.. final.Head.Select(value => isFirst ? -value : value)];
        model.Take(weights.AsSpan(0, outputs * features), weights.AsSpan(outputs * features));
        var selection = HeadSelection.OfScores(0, scores, labels, folds);
        var (probabilities, decisions) = Trainings.DecideOutOfFold(scores, folds, labels, classes.Count);
        var transformer = HeadTransformer.Of(model, features, isFirst ? [classes[1], classes[0]] : classes, isFirst ? selection.ForFirstClass() : selection, seed);
        return new TrainedHead(transformer, LinearHead.FromTransformer(transformer), selection, probabilities, decisions);
    }

    private static EvaluatedImages Evaluate(
        FeaturisedImages test, BackboneCut cut, LinearHead head, TransferOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        using var extractor = new BottleneckExtractor(cut, options.Threads);
        return (FeaturisedImages.Extract(test.Images, extractor, "measuring on held-out images", progress, cancellation) with { Skipped = test.Skipped }).Evaluate(head);
    }

    private static FineTuningFacts FactsOf(FineTuningOptions options, TunedNetwork final, int folds) => new(
        options.Cut, final.Weights, options.HiddenUnits, final.Epochs.Count, options.LearningRate, options.Settings,
        FormattableString.Invariant($"cross-validation of {folds} folds on the training images, every layer and the head trained without the images predicted"));
}
