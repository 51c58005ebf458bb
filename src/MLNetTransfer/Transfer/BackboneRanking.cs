using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads.Transferability;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>
/// Backbones and their cuts in the order of what they promise for a task, without training a head: every image is featurised once a backbone, and
/// the features are scored. A score is a hint for which few to train, not a measurement: docs/ranking-backbones.md says how far it agrees with one.
/// Immutable.
/// </summary>
public sealed class BackboneRanking
{
    private BackboneRanking(IReadOnlyList<RankedCut> cuts, int images, IReadOnlyList<SkippedImage> skipped) => (Cuts, Images, Skipped) = (cuts, images, skipped);

    /// <summary>The cuts, the one with the highest LogME first; of equals, the cheaper one.</summary>
    public IReadOnlyList<RankedCut> Cuts { get; }

    /// <summary>The number of images the scores were made from.</summary>
    public int Images { get; }

    /// <summary>The images that could not be read; they count for nothing.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    /// <summary>Scores backbones on labelled images.</summary>
    /// <param name="images">The images of the task: two classes or more, two readable images or more of each.</param>
    /// <param name="backbones">The backbones, one or more.</param>
    /// <param name="allCuts">Whether every cut is scored; false (default) scores the default cut of each backbone.</param>
    /// <param name="cache">Where features are looked up and kept; null (default) for nowhere. It never changes a score.</param>
    /// <param name="progress">Told as images are done, one stage a backbone; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second, but for the scoring of one cut.</param>
    /// <exception cref="TransferException">The images or a backbone cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The ranking was cancelled.</exception>
    public static BackboneRanking Of(ImageSet images, IReadOnlyList<Backbone> backbones, bool allCuts = false,
        FeatureCache? cache = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(backbones);
        if (backbones.Count == 0)
            throw new TransferException("A ranking has one backbone or more; received none. Name one.");
        images.RequireTrainable();
        var ranked = new List<RankedCut>();
        var (read, skipped) = (0, (IReadOnlyList<SkippedImage>)[]);
        foreach (var backbone in backbones)
        {
            var cuts = allCuts ? CutCandidates.All(backbone) : CutCandidates.One(backbone, Cut.Last);
            using var extractor = new BottleneckExtractor(cuts.Network, cache: cache);
            var featurised = FeaturisedImages.Extract(images, extractor, backbone.Name, progress, cancellation);
            featurised.Images.RequireTrainable();
            (read, skipped) = (featurised.Images.Images.Count, featurised.Skipped);
            int[] labels = [.. featurised.Images.LabelIndices];
            foreach (var (cut, view) in cuts.Cuts.Zip(cuts.ViewsOf(featurised.Features)))
            {
                cancellation.ThrowIfCancellationRequested();
                ranked.Add(Score(backbone, cut, view.ToMatrix(), labels));
            }
        }
        return new([.. ranked.OrderByDescending(cut => cut.LogMe).ThenBy(cut => cut.MultiplyAdds)], read, skipped);
    }

    private static RankedCut Score(Backbone backbone, Cut cut, FeatureMatrix features, int[] labels)
    {
        try
        {
            return new RankedCut(backbone.Name, cut.Name, cut.Dimensions, cut.MultiplyAdds, LogMe.Of(features, labels), HScore.Of(features, labels));
        }
        catch (TransferException fault)
        {
            throw new TransferException($"The features of {backbone.Name} cut at {cut.Name} cannot be scored. {fault.Message}", fault);
        }
    }
}
