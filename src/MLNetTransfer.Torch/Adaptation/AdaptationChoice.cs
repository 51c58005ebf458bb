using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What a scorer chose, and all it chose from.</summary>
public sealed class AdaptationChoice
{
    internal AdaptationChoice(AdaptationScorer scorer, IReadOnlyList<AdaptationCandidate> candidates)
    {
        (Scorer, Candidates) = (scorer, candidates);
        Best = Pick(candidates, candidate => (candidate.Method, candidate.Model is not null, candidate.Score))!;
        if (Best.Score is null)
            Fallback = $"'{scorer.Name}' could judge none of {candidates.Count} candidates, the first because: {candidates[0].Refusal} '{Best.Method}' was taken.";
    }

    /// <summary>What chose.</summary>
    public AdaptationScorer Scorer { get; }

    /// <summary>All that were tried, in the order of trial.</summary>
    public IReadOnlyList<AdaptationCandidate> Candidates { get; }

    /// <summary>The candidate of the highest score, the first of equals; where the scorer could judge none, "none", or the first that applied where "none" was not tried.</summary>
    public AdaptationCandidate Best { get; }

    /// <summary>Why nothing could be chosen by score; null where it could.</summary>
    public string? Fallback { get; }

    /// <summary>The rule: the highest score, the first of equals; without any score "none", or the first that applied where "none" was not tried; null where no method applied.</summary>
    /// <param name="tried">What is chosen from: trials, or records of them.</param>
    /// <param name="of">The method of one, whether it applied, and its score.</param>
    internal static T? Pick<T>(IReadOnlyList<T> tried, Func<T, (AdaptationMethod Method, bool Applied, double? Score)> of)
        where T : class
    {
        T[] applied = [.. tried.Where(one => of(one).Applied)];
        return applied.Where(one => of(one).Score is not null).MaxBy(one => of(one).Score) ?? applied.FirstOrDefault(one => of(one).Method is SourceOnly) ?? applied.FirstOrDefault();
    }

    /// <summary>Evaluation, after the choice: the accuracy of every candidate on held-out target images, and so the choice that an oracle would have made.</summary>
    /// <param name="heldOut">Labelled images of the target that no method saw the labels of.</param>
    public AdaptationComparison Evaluate(LabeledFeatures heldOut)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        var accuracies = Candidates.Where(candidate => candidate.Model is not null).ToDictionary(
            candidate => candidate,
            candidate => candidate.Model!.Labels(heldOut.Features).Zip(heldOut.Labels).Count(pair => pair.First == pair.Second) / (double)heldOut.Labels.Count);
        return new AdaptationComparison(this, accuracies);
    }
}
