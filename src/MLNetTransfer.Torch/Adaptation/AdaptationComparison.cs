namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What a choice without target labels was worth, measured with them.</summary>
public sealed class AdaptationComparison
{
    internal AdaptationComparison(AdaptationChoice choice, IReadOnlyDictionary<AdaptationCandidate, double> accuracies)
    {
        (Choice, Accuracies) = (choice, accuracies);
        Oracle = choice.Candidates.Where(accuracies.ContainsKey).MaxBy(candidate => accuracies[candidate])!;
    }

    /// <summary>The choice.</summary>
    public AdaptationChoice Choice { get; }

    /// <summary>The accuracy of every candidate that was not refused, 0 to 1.</summary>
    public IReadOnlyDictionary<AdaptationCandidate, double> Accuracies { get; }

    /// <summary>The candidate of the highest accuracy, the first of equals: what only target labels could have chosen.</summary>
    public AdaptationCandidate Oracle { get; }

    /// <summary>The accuracy of the choice, 0 to 1.</summary>
    public double ChosenAccuracy => Accuracies[Choice.Best];

    /// <summary>The accuracy of the oracle's choice, 0 to 1.</summary>
    public double OracleAccuracy => Accuracies[Oracle];
}
