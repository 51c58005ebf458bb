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
        var labels = new int[Images.Images.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = LabelOf(head, Images.Images[i]);
        var probabilities = new float[labels.Length * head.Classes.Count];
        for (var i = 0; i < labels.Length; i++)
            head.Probabilities(Features.Row(i), probabilities.AsSpan(i * head.Classes.Count, head.Classes.Count));
        var matrix = new FeatureMatrix(labels.Length, head.Classes.Count, probabilities);
        return new EvaluatedImages(Images, matrix, Evaluator.Evaluate(head.Classes, head.Positive, labels, matrix, head.Threshold), Skipped);
    }

    private static int LabelOf(LinearHead head, LabeledImage image)
    {
        for (var label = 0; label < head.Classes.Count; label++)
            if (head.Classes[label] == image.Label)
                return label;
        throw new TransferException($"Test images show classes of the model ({string.Join(", ", head.Classes.Select(name => $"'{name}'"))}); received '{image.Label}' for '{image.Path}'. Rename its folder or leave it out.");
    }

    private sealed class Counter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
