using System.Diagnostics;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>
/// Finds how many layers of a network to keep, how many of those to train, and whether the head needs a hidden layer. Frozen layers first: their features at all cuts take one pass.
/// Then trained ones by successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016): all of them a little, the better ones more,
/// the last one in full unless frozen layers turn out to be as good on the way. Among what was measured in full the cheapest that is not distinguishably worse than the best is recommended.
/// </summary>
public static class LayerSearcher
{
    /// <summary>Searches.</summary>
    /// <param name="images">The labelled images, two classes or more; none may be part of what the result is later measured on.</param>
    /// <param name="options">What to compare; null for the defaults.</param>
    /// <param name="progress">Told as images, epochs and stages are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second: with the best answer so far once the frozen layers are compared, before that with an exception.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before there was an answer.</exception>
    public static LayerSearchResult Search(
        ImageSet images, LayerSearchOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new LayerSearchOptions();
        options.Validate();
        images.RequireTrainable();
        var clock = Stopwatch.StartNew();
        var search = new Search(images, options, progress, cancellation);
        var frozen = search.CompareFrozen(cancellation);
        var (trained, stopped) = (new List<Candidate>(), false);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A timer of no time would still let something begin.
        if (options.Budget is { } budget && budget <= clock.Elapsed)
            limited.Cancel();
        else if (options.Budget is not null)
            limited.CancelAfter(options.Budget.Value - clock.Elapsed);
        try
        {
            search.TryHidden(frozen, trained, limited.Token);
            if (options.FineTunes)
                search.TryTrained(frozen, trained, limited.Token);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }

        List<Candidate> all = [.. frozen, .. trained];
        var best = all.Where(candidate => candidate.IsComplete).MinBy(candidate => candidate.Losses.LogLoss)!;
        var chosen = Recommend(all, options.Tie);
        return new LayerSearchResult(search.Backbone.Name, search.Images, [.. all.Select(candidate => candidate.Figures)], chosen.Figures, ReasonOf(chosen, best, options.Tie), stopped, search.Skipped);
    }

    /// <summary>Searches on the images that are not held out, then trains what was found and measures it on those that are.</summary>
    /// <param name="images">The labelled images of the target.</param>
    /// <param name="options">What to compare; the transfer in it says what is held out.</param>
    /// <param name="progress">Told as images, epochs and stages are done.</param>
    /// <param name="cancellation">Stops within a second; nothing is trained then.</param>
    /// <returns>The model, and what was found about the layers.</returns>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (TransferResult Result, LayerSearchResult Search) Train(
        ImageSet images, LayerSearchOptions options, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        images.RequireTrainable();
        var transfer = options.Transfer;
        if (transfer.Test is not null)
            FeaturisedImages.RequireClasses(transfer.Test, images.Classes);
        var found = Search(LearnablePart(images, transfer, progress, cancellation), options, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var choice = found.Recommended.Choice;
        var kept = transfer with { Cut = choice.Cut };
        // The seed holds the same images out again.
        return choice is { FineTunedFrom: null, HiddenUnits: 0 }
            ? (TransferTrainer.Train(images, kept, progress, cancellation), found)
            : (FineTuner.Train(images, options.FineTuning with { Cut = choice.FineTunedFrom ?? choice.Cut, HiddenUnits = choice.HiddenUnits }, kept, progress, cancellation), found);
    }

    /// <summary>The cheapest choice that is not distinguishably worse than the best: by what a prediction costs, then by what is trained, then by hidden units.</summary>
    internal static Candidate Recommend(IReadOnlyList<Candidate> candidates, double tie)
    {
        var complete = candidates.Where(candidate => candidate.IsComplete).ToList();
        var best = complete.MinBy(candidate => candidate.Losses.LogLoss)!;
        return complete.Where(candidate => candidate.Losses.ErrorsWorseThan(best.Losses) <= tie)
            .OrderBy(candidate => candidate.MultiplyAdds).ThenBy(candidate => candidate.TrainedMultiplyAdds).ThenBy(candidate => candidate.Choice.HiddenUnits).First();
    }

    private static ImageSet LearnablePart(ImageSet images, TransferOptions transfer, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var backbone = transfer.Backbone ?? Backbone.Embedded;
        using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.DefaultCut), transfer.Threads, transfer.Cache);
        var all = FeaturisedImages.Extract(images, extractor, "reading images", progress, cancellation);
        var (learnable, _) = transfer.Test is { } given
            ? HeldOutPart.Given(all, FeaturisedImages.Extract(given, extractor, "reading test images", progress, cancellation))
            : HeldOutPart.Drawn(all, transfer.TestFraction, transfer.Seed);
        return learnable.Images;
    }

    private static string ReasonOf(Candidate chosen, Candidate best, double tie)
    {
        if (ReferenceEquals(chosen, best))
            return FormattableString.Invariant($"It has the lowest log-loss on images not learnt from ({best.Losses.LogLoss:0.000}), and nothing cheaper is within {tie:0.##} standard errors of it.");
        return FormattableString.Invariant($"It is the cheapest choice within {tie:0.##} standard errors of the best one ({best.Choice}; log-loss {best.Losses.LogLoss:0.000} against {chosen.Losses.LogLoss:0.000} here): ")
            + (chosen.MultiplyAdds < best.MultiplyAdds ? FormattableString.Invariant($"{chosen.MultiplyAdds / 1e6:0} against {best.MultiplyAdds / 1e6:0} million multiply-adds an image") : "as many multiply-adds an image, less to train")
            + (best.Choice.FineTunedFrom is not null && chosen.Choice.FineTunedFrom is null ? ", and no layer needs training." : ".");
    }
}
