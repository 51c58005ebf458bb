using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What a scorer chose, and all it chose from.</summary>
public sealed class AdaptationChoice
{
    internal AdaptationChoice(AdaptationScorer scorer, IReadOnlyList<AdaptationCandidate> candidates)
    {
        (Scorer, Candidates) = (scorer, candidates);
        Best = Pick(candidates)!;
    }

    /// <summary>What chose.</summary>
    public AdaptationScorer Scorer { get; }

    /// <summary>All that were tried, in the order of trial.</summary>
    public IReadOnlyList<AdaptationCandidate> Candidates { get; }

    /// <summary>The candidate of the highest score, the first of equals.</summary>
    public AdaptationCandidate Best { get; }

    /// <summary>The rule: the highest score, the first of equals; null where every candidate was refused. Models are not looked at, so that records of trials will do.</summary>
    internal static AdaptationCandidate? Pick(IEnumerable<AdaptationCandidate> candidates) => candidates.Where(candidate => candidate.Score is not null).MaxBy(candidate => candidate.Score);

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
