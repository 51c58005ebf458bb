using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>The readable images of a set with their bottlenecks and fingerprints, and the unreadable ones.</summary>
internal sealed record FeaturisedImages(
    ImageSet Images, FeatureMatrix Features, IReadOnlyList<ImageFingerprint> Fingerprints, IReadOnlyList<SkippedImage> Skipped)
{
    public static FeaturisedImages Extract(
        ImageSet images, BottleneckExtractor extractor, string stage, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var total = images.Images.Count;
        var count = progress is null ? null : new Counter(done => progress.Report(new TransferProgress(stage, done, total)));
        var extracted = extractor.Extract([.. images.Images.Select(image => image.Path)], count, cancellation);
        return new FeaturisedImages(images.Subset(extracted.Rows), extracted.Features, extracted.Fingerprints, extracted.Skipped);
    }

    /// <summary>The chosen images; the unreadable ones stay listed.</summary>
    public FeaturisedImages Subset(IReadOnlyList<int> rows) =>
        new(Images.Subset(rows), Features.Select(rows), [.. rows.Select(row => Fingerprints[row])], Skipped);

    /// <summary>What a head predicts for these images, and how right it is.</summary>
    public EvaluatedImages Evaluate(LinearHead head)
    {
        RequireClasses(Images, head.Classes);
        int[] labels = [.. Images.Images.Select(image => IndexOf(head.Classes, image.Label))];
        var probabilities = new float[labels.Length * head.Classes.Count];
        for (var i = 0; i < labels.Length; i++)
            head.Probabilities(Features.Row(i), probabilities.AsSpan(i * head.Classes.Count, head.Classes.Count));
        var matrix = new FeatureMatrix(labels.Length, head.Classes.Count, probabilities);
        return new EvaluatedImages(Images, matrix, Evaluator.Evaluate(head.Classes, head.Positive, labels, matrix, head.Threshold), Skipped);
    }

    /// <summary>The rule for measuring a model: the images show classes it has. Checked before any image is read.</summary>
    public static void RequireClasses(ImageSet images, IReadOnlyList<string> classes)
    {
        if (images.Images.FirstOrDefault(image => IndexOf(classes, image.Label) < 0) is { } foreign)
            throw new TransferException($"Test images show classes of the model ({string.Join(", ", classes.Select(name => $"'{name}'"))}); "
                + $"received '{foreign.Label}' for '{foreign.Path}'. Rename its folder or leave it out.");
    }

    private static int IndexOf(IReadOnlyList<string> classes, string label)
    {
        for (var i = 0; i < classes.Count; i++)
            if (classes[i] == label)
                return i;
        return -1;
    }

    private sealed class Counter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
