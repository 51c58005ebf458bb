namespace MLNetTransfer.Torch.Experiments;

/// <summary>What came of a method with hyper-parameters in one case: predictions and scores, or a refusal. Whether predictions are right is known elsewhere.</summary>
internal sealed class CandidateOutcome
{
    /// <summary>Why the method does not apply; null where it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>The class predicted for every test image; empty where refused.</summary>
    public int[] Predicted { get; init; } = [];

    /// <summary>The probabilities of the unlabelled images adapted to, images x classes; null where refused. Scorers that compare all models read them.</summary>
    public FeatureMatrix? Unlabelled { get; init; }

    /// <summary>What every scorer says: a score, or why there is none.</summary>
    public IReadOnlyDictionary<string, (double? Score, string? Refusal)> Scores { get; init; } = new Dictionary<string, (double? Score, string? Refusal)>();
}
