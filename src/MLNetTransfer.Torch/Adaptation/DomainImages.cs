using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The readable images of a problem with their features, checked against one another.</summary>
internal sealed record DomainImages(
    FeaturisedImages Source, UnlabeledFeatures Target, IReadOnlyList<string> TargetPaths, LabeledFeatures? Shots, FeaturisedImages? Test, IReadOnlyList<SkippedImage> Skipped, IReadOnlyList<string> Notes)
{
    public IReadOnlyList<string> SourcePaths => [.. Source.Images.Images.Select(image => image.Path)];

    public AdaptationProblem Problem { get; } = new(LabeledOf(Source, Source.Images), Target, Shots);

    public static DomainImages Read(
        TransferProblem problem, LabeledDomain? test, BottleneckExtractor extractor, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var all = problem.Source.Images;
        var source = FeaturisedImages.Extract(all, extractor, "reading the source", progress, cancellation);
        var target = extractor.Extract(problem.Target.Paths, progress is null ? null : new Counter(progress, "reading the target", problem.Target.Paths.Count), cancellation);
        var shots = problem.Shots is null ? null : FeaturisedImages.Extract(problem.Shots.Images, extractor, "reading labelled target images", progress, cancellation);
        var tested = test is null ? null : FeaturisedImages.Extract(test.Images, extractor, "reading test images", progress, cancellation);

        RequireDifferent(problem, source, target.Fingerprints);
        var notes = new List<string>();
        source.Images.RequireTrainable();
        if (tested is not null)
        {
            (source, tested) = HeldOutPart.Given(source, tested);
            if (shots is not null)
                RequireApart(shots, tested);
            if (InCommon(target.Fingerprints, tested.Fingerprints) is > 0 and var seen)
                notes.Add(FormattableString.Invariant($"{seen} of {tested.Fingerprints.Count} test images, or near copies of them, are among the unlabelled images of the target: ")
                    + "their labels were not seen, but the figures are for images the adaptation knew (transductive).");
        }
        // By content, so that neither names nor folders of the target can matter, not even to the last bit.
        int[] order = [.. Enumerable.Range(0, target.Fingerprints.Count).OrderBy(row => target.Fingerprints[row].ContentHash, StringComparer.Ordinal)];
        return new DomainImages(source, new UnlabeledFeatures(target.Features.Select(order)), [.. order.Select(row => problem.Target.Paths[target.Rows[row]])], shots is null ? null : LabeledOf(shots, all), tested,
            [.. source.Skipped, .. target.Skipped, .. shots?.Skipped ?? [], .. tested?.Skipped ?? []], notes);
    }

    private static LabeledFeatures LabeledOf(FeaturisedImages images, ImageSet classes) =>
        new(images.Features, [.. images.Images.Images.Select(image => classes.LabelIndexOf(image.Label))], classes.Classes);

    private static void RequireDifferent(TransferProblem problem, FeaturisedImages source, IReadOnlyList<ImageFingerprint> target)
    {
        var here = source.Fingerprints.Select(print => print.ContentHash).ToHashSet();
        if (target.Count > 0 && target.All(print => here.Contains(print.ContentHash)))
            throw new TransferException($"Source and target are different images; all {target.Count} of '{problem.Target.Name}' are also in '{problem.Source.Name}'. "
                + "Give the images the model will meet.");
    }

    private static void RequireApart(FeaturisedImages shots, FeaturisedImages test)
    {
        var groups = DuplicateGroups.Find([.. shots.Fingerprints, .. test.Fingerprints]);
        var (first, count) = (shots.Fingerprints.Count, test.Fingerprints.Count);
        for (var i = 0; i < first; i++)
            if (Array.IndexOf(groups, groups[i], first, count) is >= 0 and var at)
                throw new TransferException($"No image is both learnt from and tested on; '{shots.Images.Images[i].Path}' and '{test.Images.Images[at - first].Path}' show the same or nearly so. "
                    + $"Remove it from one of {shots.Images.Source} and {test.Images.Source}.");
    }

    private static int InCommon(IReadOnlyList<ImageFingerprint> target, IReadOnlyList<ImageFingerprint> test)
    {
        var groups = DuplicateGroups.Find([.. target, .. test]);
        var seen = groups.Take(target.Count).ToHashSet();
        return groups.Skip(target.Count).Count(seen.Contains);
    }

    private sealed class Counter(IProgress<TransferProgress> bars, string stage, int total) : IProgress<int>
    {
        public void Report(int value) => bars.Report(new TransferProgress(stage, value, total));
    }
}
