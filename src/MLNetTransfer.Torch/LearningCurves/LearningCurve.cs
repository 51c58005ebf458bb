using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>
/// Does transfer help? Accuracy on the same held-out images against the number of labelled ones learnt from, with what a network knows, without it, and with its upper layers trained.
/// </summary>
public static class LearningCurve
{
    /// <summary>The share of the network's multiply-adds that is trained where no cut is named, more or less.</summary>
    private const double TrainedShare = 1d / 3;

    /// <summary>Measures the curve.</summary>
    /// <param name="images">The labelled images: two classes or more.</param>
    /// <param name="options">What to compare; null for the defaults.</param>
    /// <param name="progress">Told as images and trainings are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LearningCurveResult Measure(
        ImageSet images, LearningCurveOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new LearningCurveOptions();
        options.Validate();
        images.RequireTrainable();
        if (options.Transfer.Test is not null)
            FeaturisedImages.RequireClasses(options.Transfer.Test, images.Classes);
        var backbone = options.Transfer.Backbone ?? Backbone.Embedded;
        var cut = backbone.FindCut(options.Transfer.Cut);
        var tuning = options.FineTuning ?? new FineTuningOptions { Cut = DefaultFrom(backbone, cut.Name) };
        var (learnable, test, skipped) = Divide(images, backbone.CutAt(cut), options.Transfer, progress, cancellation);
        var draws = Draw(learnable.Images, DuplicateGroups.Find(learnable.Fingerprints), options);

        // One set for everything; it has an order of its own.
        var all = new ImageSet([.. learnable.Images.Images, .. test.Images.Images], images.Classes, images.Source);
        var rowOf = all.Images.Index().ToDictionary(image => image.Item.Path, image => image.Index);
        int[] heldOut = [.. test.Images.Images.Select(image => rowOf[image.Path])];
        draws = [.. draws.Select(draw => (draw.Size, draw.Rows.Select(row => rowOf[learnable.Images.Images[row].Path]).Order().ToArray()))];
        var (points, warnings) = (new List<LearningPoint>(), new List<string>());
        foreach (var (done, mode) in options.Modes.Distinct().Order().Index())
        {
            var knows = mode is LearningMode.Frozen or LearningMode.FineTuned ? backbone : backbone.WithRandomWeights(options.Transfer.Seed);
            var network = knows.CutAt(knows.FindCut(cut.Name));
            using var extractor = new BottleneckExtractor(network, options.Transfer.Threads, options.Transfer.Cache);
            var featurised = FeaturisedImages.Extract(all, extractor, $"{Name(mode)}: reading images", progress, cancellation);
            var accuracies = mode is LearningMode.Frozen or LearningMode.RandomFeatures
                ? MeasureFrozen(featurised, draws, heldOut, options.Transfer, cancellation)
                : MeasureTrained(network, featurised, draws, heldOut, mode == LearningMode.FineTuned ? tuning : FromScratch(tuning), options.Transfer, mode, warnings, progress, cancellation);
            points.AddRange(draws.Index().GroupBy(draw => draw.Item.Size)
                .Select(same => new LearningPoint(mode, same.Key, [.. same.Select(draw => accuracies[draw.Index])])));
        }
        return new LearningCurveResult(backbone.Name, cut.Name, tuning.Cut, heldOut.Length, points, warnings, skipped);
    }

    /// <summary>What a way to learn is called.</summary>
    public static string Name(LearningMode mode) => mode switch
    {
        LearningMode.Frozen => "frozen",
        LearningMode.FineTuned => "fine-tuned",
        LearningMode.FromScratch => "from scratch",
        _ => "random features",
    };

    private static (FeaturisedImages Learnable, FeaturisedImages Test, IReadOnlyList<SkippedImage> Skipped) Divide(
        ImageSet images, BackboneCut network, TransferOptions transfer, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        using var extractor = new BottleneckExtractor(network, transfer.Threads, transfer.Cache);
        var target = FeaturisedImages.Extract(images, extractor, "reading images", progress, cancellation);
        var (train, test) = transfer.Test is { } given
            ? HeldOutPart.Given(target, FeaturisedImages.Extract(given, extractor, "reading test images", progress, cancellation))
            : HeldOutPart.Drawn(target, transfer.TestFraction, transfer.Seed);
        return (train, test!, [.. train.Skipped, .. test!.Skipped]);
    }

    /// <summary>The images learnt from, for every size and draw. Draws of one seed are nested: the images of a small one are in the larger ones. Near-duplicates count once.</summary>
    internal static List<(int Size, int[] Rows)> Draw(ImageSet images, int[] groups, LearningCurveOptions options)
    {
        var classes = Enumerable.Range(0, images.Classes.Count).Select(label => Enumerable.Range(0, images.Images.Count).Where(row => images.LabelIndices[row] == label).DistinctBy(row => groups[row]).ToArray()).ToArray();
        var (fewest, most) = (classes.Min(rows => rows.Length), classes.Max(rows => rows.Length));
        var draws = new List<(int, int[])>();
        foreach (var size in options.Sizes.Where(size => size < fewest).Distinct().Order())
            for (var draw = 0; draw < options.Draws; draw++)
            {
                var random = RandomStream.Derive(options.Transfer.Seed, "learning curve").At(draw);
                draws.Add((size, [.. classes.SelectMany(rows =>
                {
                    int[] shuffled = [.. rows];
                    random.Shuffle(shuffled.AsSpan());
                    return shuffled.Take(size);
                }).Order()]));
            }
        draws.Add((most, [.. Enumerable.Range(0, images.Images.Count)]));
        return draws;
    }

    private static double[] MeasureFrozen(FeaturisedImages images, List<(int Size, int[] Rows)> draws, int[] heldOut, TransferOptions transfer, CancellationToken cancellation)
    {
        var (view, classes) = (new FeatureView(images.Features), images.Images.Classes.Count);
        int[] labels = [.. images.Images.LabelIndices], groups = DuplicateGroups.Find(images.Fingerprints);
        var (accuracies, outputs, threads) = (new double[draws.Count], LinearModel.OutputsFor(classes), transfer.Threads ?? Environment.ProcessorCount);
        Trainings.InParallel(draws.Count, threads, cancellation, draw =>
        {
            var rows = draws[draw].Rows;
            var weights = NestedValidation.ClassWeights(labels, rows, classes, transfer.ClassWeights);
            var design = Design.Of(view, rows);
            var selection = HeadSelection.Choose(design, labels, groups, rows, weights, new HeadOptions { Seed = transfer.Seed }, 1, cancellation);
            var model = HeadSelection.Fit(design, labels, rows, weights, selection.L2, new double[outputs * (design.Columns + 1)], cancellation: cancellation);
            var scores = new double[heldOut.Length * outputs];
            for (var i = 0; i < heldOut.Length; i++)
                model.Scores(heldOut[i], scores.AsSpan(i * outputs, outputs));
            accuracies[draw] = AccuracyOf(scores, outputs, labels, heldOut);
        });
        return accuracies;
    }

    private static double[] MeasureTrained(BackboneCut network, FeaturisedImages images, List<(int Size, int[] Rows)> draws, int[] heldOut, FineTuningOptions tuning, TransferOptions transfer,
        LearningMode mode, List<string> warnings, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        int[] labels = [.. images.Images.LabelIndices], groups = DuplicateGroups.Find(images.Fingerprints);
        var (accuracies, outputs, threads) = (new double[draws.Count], LinearModel.OutputsFor(images.Images.Classes.Count), transfer.Threads ?? Environment.ProcessorCount);
        var total = images.Images.Images.Count;
        using var layers = new UpperLayers(network, images, groups, tuning, transfer, count => progress?.Report(new TransferProgress($"{Name(mode)}: frozen layers", count, total)), cancellation);
        var (done, diverged, gate) = (0, 0, new Lock());
        Trainings.InParallel(draws.Count, threads, cancellation, draw =>
        {
            var tuned = layers.Train(draws[draw].Rows, heldOut, FormattableString.Invariant($"{mode}-{draw}"), 1, writes: false, null, cancellation);
            accuracies[draw] = AccuracyOf(tuned.Scores, outputs, labels, heldOut);
            lock (gate)
            {
                diverged += tuned.Divergence is null ? 0 : 1;
                progress?.Report(new TransferProgress($"{Name(mode)}: training", ++done, draws.Count));
            }
        });
        if (diverged > 0)
            warnings.Add(FormattableString.Invariant($"{diverged} of {draws.Count} trainings '{Name(mode)}' diverged and count with the weights before: lower the learning rate (received {tuning.LearningRate:g3})."));
        return accuracies;
    }

    /// <summary>How a network that knows nothing is trained: random layers without normalisation bear only small steps, and need more of them.</summary>
    private static FineTuningOptions FromScratch(FineTuningOptions tuning) =>
        tuning with { Cut = FineTuningOptions.FromImage, LearningRate = tuning.LearningRate / 10, Epochs = 2 * tuning.Epochs };

    private static double AccuracyOf(double[] scores, int outputs, int[] labels, int[] rows) => rows.Index().Average(row =>
    {
        var some = scores.AsSpan(row.Index * outputs, outputs);
        var decided = outputs == 1 ? (some[0] > 0 ? 1 : 0) : System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(some);
        return decided == labels[row.Item] ? 1d : 0;
    });

    /// <summary>The cut above which layers are trained where none is named: about a third of the multiply-adds below the kept cut lie above it.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="cut">The name of the cut up to which layers are kept.</param>
    /// <exception cref="TransferException">There is no such cut.</exception>
    public static string DefaultFrom(Backbone backbone, string cut)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var kept = backbone.FindCut(cut).MultiplyAdds;
        return backbone.Cuts.Where(from => from.Tensors.Count == 1 && from.MultiplyAdds < kept).OrderBy(from => Math.Abs(from.MultiplyAdds - (1 - TrainedShare) * kept)).FirstOrDefault()?.Name
            ?? FineTuningOptions.FromImage;
    }
}
