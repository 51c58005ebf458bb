using System.Numerics.Tensors;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>Quantises a backbone and measures, on images of the target, what that costs in accuracy and brings in speed before anybody relies on it.</summary>
public static class QuantizationTrial
{
    private const string Quantising = "quantising", Comparing = "measuring accuracy", Timing = "measuring speed";

    /// <summary>Makes and measures.</summary>
    /// <param name="backbone">A convolutional network in 32-bit floats.</param>
    /// <param name="images">
    /// Images of the target. With two classes or more accuracies are measured, which takes two readable images or more of each; with one class or none the
    /// features alone are compared. The images that settle the scales are among those measured: their labels are not used for it.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as images and stages are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <exception cref="TransferException">The backbone, the images or the options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The trial was cancelled.</exception>
    public static QuantizationVerdict Run(
        Backbone backbone, ImageSet images, QuantizationTrialOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new QuantizationTrialOptions();
        options.Validate();
        if (images.Classes.Count > 1)
            images.RequireTrainable();
        var cut = backbone.FindCut(options.Cut);
        string[] sample = [.. images.Images.Select(image => image.Path)];
        RandomStream.Derive(options.Seed, "calibration").Shuffle(sample.AsSpan());
        var quantised = BackboneQuantizer.Quantize(backbone, cut, sample[..Math.Min(options.CalibrationImages, sample.Length)],
            options.Quantization, progress is null ? null : new Share(progress), cancellation);
        var (exact, integer) = (backbone.CutAt(cut), quantised.Backbone.CutAt(quantised.Backbone.DefaultCut));
        var original = Featurise(images, exact, options.Threads, "reading images", progress, cancellation);
        var received = Featurise(images, integer, options.Threads, "reading images again", progress, cancellation);

        var similar = new double[original.Features.Rows];
        for (var row = 0; row < similar.Length; row++)
            similar[row] = Similarity(original.Features.Row(row), received.Features.Row(row));
        var accuracy = images.Classes.Count < 2 ? default : Compare(original, received.Features, options, progress, cancellation);
        var (speeds, quantisedSpeeds) = Time(exact, integer, options, progress, cancellation);
        return new QuantizationVerdict(quantised, cut.Name)
        {
            Images = similar.Length,
            Skipped = original.Skipped,
            FloatAccuracy = accuracy?.Float,
            QuantizedAccuracy = accuracy?.Quantised,
            Difference = accuracy?.Difference,
            LeastSimilarity = similar.Min(),
            MedianSimilarity = QuantizationVerdict.Median(similar),
            FloatSpeeds = speeds,
            QuantizedSpeeds = quantisedSpeeds,
        };
    }

    private static FeaturisedImages Featurise(
        ImageSet images, BackboneCut cut, int? threads, string stage, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        using var extractor = new BottleneckExtractor(cut, threads);
        return FeaturisedImages.Extract(images, extractor, stage, progress, cancellation);
    }

    private static double Similarity(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var norms = Math.Sqrt(TensorPrimitives.SumOfSquares(one) * (double)TensorPrimitives.SumOfSquares(other));
        // Features of nothing but zeros agree with their like alone.
        return norms > 0 ? TensorPrimitives.Dot(one, other) / norms : one.SequenceEqual(other) ? 1 : 0;
    }

    /// <summary>The accuracies of heads on both features, in the same folds.</summary>
    private static (double Float, double Quantised, PairedDifference Difference)? Compare(
        FeaturisedImages original, FeatureMatrix quantised, QuantizationTrialOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        original.Images.RequireTrainable();
        int[] labels = [.. original.Images.LabelIndices];
        var groups = DuplicateGroups.Find(original.Fingerprints);
        var (exact, received) = (new int[labels.Length], new int[labels.Length]);
        for (var repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress?.Report(new TransferProgress(Comparing, repetition, options.Repetitions));
            var head = new HeadOptions { Seed = options.Seed + repetition, Threads = options.Threads };
            AddRight(exact, original.Features, head);
            AddRight(received, quantised, head);
        }
        progress?.Report(new TransferProgress(Comparing, options.Repetitions, options.Repetitions));
        double repetitions = options.Repetitions;
        return (exact.Average() / repetitions, received.Average() / repetitions,
            PairedDifference.Of([.. received.Zip(exact, (second, first) => (second - first) / repetitions)]));

        void AddRight(int[] right, FeatureMatrix features, HeadOptions head)
        {
            var decisions = HeadTrainer.Train(features, labels, groups, original.Images.Classes, null, head, cancellation).CrossValidatedDecisions;
            for (var image = 0; image < labels.Length; image++)
                right[image] += decisions[image] == labels[image] ? 1 : 0;
        }
    }

    private static (double[] Float, double[] Quantised) Time(
        BackboneCut exact, BackboneCut quantised, QuantizationTrialOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var threads = options.Threads ?? 1;
        using var first = new InferenceSpeed(exact, threads, options.Time);
        using var second = new InferenceSpeed(quantised, threads, options.Time);
        var (speeds, quantisedSpeeds) = (new double[options.Rounds], new double[options.Rounds]);
        // The first run prepares memory.
        first.Measure(TimeSpan.Zero, cancellation);
        second.Measure(TimeSpan.Zero, cancellation);
        for (var round = 0; round < options.Rounds; round++)
        {
            progress?.Report(new TransferProgress(Timing, round, options.Rounds));
            speeds[round] = first.Measure(options.Stretch, cancellation);
            quantisedSpeeds[round] = second.Measure(options.Stretch, cancellation);
        }
        progress?.Report(new TransferProgress(Timing, options.Rounds, options.Rounds));
        return (speeds, quantisedSpeeds);
    }

    private sealed class Share(IProgress<TransferProgress> progress) : IProgress<double>
    {
        private const int Steps = 100;
        private readonly Lock _gate = new();

        public void Report(double value)
        {
            lock (_gate)
                progress.Report(new TransferProgress(Quantising, (int)(value * Steps), Steps));
        }
    }
}
