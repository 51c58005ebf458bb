using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Vision;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.TensorFlow;

/// <summary>
/// ML.NET's own <see cref="ImageClassificationTrainer"/> behind the contract of <see cref="TransferTrainer"/>: the same images in, held out by the
/// same seed and rules, measured by the same evaluator, so that the two can be compared. What it does silently is checked here: images it
/// cannot read are found before, and how many it read is counted.
/// </summary>
public static class ImageClassificationTransfer
{
    private const string Label = "LabelKey";
    private const string Image = "Image";

    /// <summary>Trains a model and measures it on images it has not seen.</summary>
    /// <param name="images">The labelled images of the target: two classes or more, JPEG or PNG.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as images and epochs are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops after the image or epoch at hand; a running download is not stopped.</param>
    /// <exception cref="TransferException">The images or options cannot be used, or ML.NET's trainer failed; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static ImageClassificationResult Train(
        ImageSet images, ImageClassificationOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new ImageClassificationOptions();
        options.Validate();
        images.RequireTrainable();
        if (options.Test is not null)
            FeaturisedImages.RequireClasses(options.Test, images.Classes);
        var positive = TransferTrainer.PositiveOf(images, options.Positive);
        var target = AuditedImages.Read(images, "checking images", progress, cancellation);
        var (train, test) = options.Test is { } given
            ? HeldOutPart.Given(target, AuditedImages.Read(given, "checking test images", progress, cancellation))
            : HeldOutPart.Drawn(target, options.TestFraction, options.Seed);
        // Drawn here, not by ML.NET: stratified, and no copy of a training image among them.
        var isWatched = StratifiedSplit.HeldOut(train.Images.LabelIndices, DuplicateGroups.Find(train.Fingerprints), options.ValidationFraction, options.Seed, images.Classes);
        var parts = Enumerable.Range(0, isWatched.Length).ToLookup(row => isWatched[row]);
        var (learned, watched) = (train.Images.Subset([.. parts[false]]), train.Images.Subset([.. parts[true]]));
        if (options.BatchSize > learned.Images.Count)
            throw new TransferException($"BatchSize is at most the number of images to learn from; received {options.BatchSize} and {learned.Images.Count}. Lower it, or add images.");

        var context = new MLContext(options.Seed);
        var load = context.Transforms.LoadRawImageBytes(Image, "", nameof(Row.ImagePath)).Fit(View(context, train.Images));
        var model = Fit(context, load, learned, watched, options, progress, cancellation);
        var tested = test is null ? null : Evaluate(context, model, test, images.Classes, positive);
        var input = context.Data.LoadFromEnumerable<PathRow>([]).Schema;
        return new ImageClassificationResult(context, input, model, positive, train, tested, [.. train.Skipped, .. test?.Skipped ?? []]);
    }

    private static TransformerChain<ITransformer> Fit(MLContext context, ITransformer load, ImageSet learned, ImageSet watched, ImageClassificationOptions options,
        IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var keys = context.Data.LoadFromEnumerable(learned.Classes.Select(name => new Name { ClassName = name }).ToArray());
        var toKey = context.Transforms.Conversion.MapValueToKey(Label, nameof(Row.ClassName), keyData: keys).Fit(View(context, learned));
        var workspace = Directory.CreateTempSubdirectory("mlnettransfer-").FullName;
        try
        {
            var watch = new TrainingWatch(learned.Images.Count, watched.Images.Count, options.Epochs, progress, cancellation);
            var data = Loaded(learned);
            var trained = context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
            {
                FeatureColumnName = Image,
                LabelColumnName = Label,
                Arch = options.Architecture,
                Epoch = options.Epochs,
                BatchSize = options.BatchSize,
                LearningRate = options.LearningRate,
                LearningRateScheduler = new ExponentialLRDecay(options.LearningRate),
                EarlyStoppingCriteria = options.Patience is { } patience ? new ImageClassificationTrainer.EarlyStopping(options.MinDelta, patience) : null,
                ValidationSet = Loaded(watched),
                // By default every epoch would measure the images just learned from once more.
                TestOnTrainSet = false,
                WorkspacePath = workspace,
                MetricsCallback = watch.Report,
            }).Fit(data);
            watch.RequireAllRead();
            return new TransformerChain<ITransformer>(load, trained, context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(trained.Transform(data)));
        }
        // The trainer throws whatever TensorFlow, its download and its loader of native code throw.
        catch (Exception error) when (error is not (TransferException or OperationCanceledException))
        {
            cancellation.ThrowIfCancellationRequested();
            throw new TransferException($"ML.NET's image classification trainer runs on TensorFlow and downloads the network {options.Architecture}; it failed: {error.Message} "
                + "Check SciSharp.TensorFlow.Redist and the network connection, or use TransferTrainer, which needs neither.", error);
        }
        finally
        {
            Directory.Delete(workspace, recursive: true);
        }

        IDataView Loaded(ImageSet part) => load.Transform(toKey.Transform(View(context, part)));
    }

    private static EvaluatedImages Evaluate(MLContext context, ITransformer model, FeaturisedImages test, IReadOnlyList<string> classes, string? positive)
    {
        // A test set of its own may lack classes, so that the order of labels is that of the model.
        var labelOf = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int[] labels = [.. test.Images.Images.Select(image => labelOf[image.Label])];
        float[] scores = [.. model.Transform(View(context, test.Images)).GetColumn<float[]>("Score").SelectMany(row => row)];
        var matrix = new FeatureMatrix(test.Images.Images.Count, classes.Count, scores);
        return new EvaluatedImages(test.Images, matrix, Evaluator.Evaluate(classes, positive, labels, matrix), test.Skipped);
    }

    private static IDataView View(MLContext context, ImageSet images) =>
        context.Data.LoadFromEnumerable(images.Images.Select(image => new Row { ImagePath = image.Path, ClassName = image.Label }).ToArray());

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string ClassName { get; set; } = "";
    }

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Name
    {
        public string ClassName { get; set; } = "";
    }
}
