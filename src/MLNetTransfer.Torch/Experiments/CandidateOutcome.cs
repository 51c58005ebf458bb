namespace MLNetTransfer.Torch.Experiments;

/// <summary>What came of a method with hyper-parameters in one case: predictions and scores, or a refusal. Whether predictions are right is known elsewhere.</summary>
internal sealed class CandidateOutcome
{
    /// <summary>Why the method does not apply; null where it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>The class predicted for every test image; empty where refused.</summary>
    public int[] Predicted { get; init; } = [];

    /// <summary>The probability of every class for every unlabelled image adapted to, row by row; empty where refused, and where no scorer compares them.</summary>
    public float[] Probabilities { get; init; } = [];

    /// <summary>What every scorer that judges a trial by itself says: a score, or why there is none.</summary>
    public IReadOnlyDictionary<string, (double? Score, string? Refusal)> Scores { get; init; } = new Dictionary<string, (double? Score, string? Refusal)>();
}
