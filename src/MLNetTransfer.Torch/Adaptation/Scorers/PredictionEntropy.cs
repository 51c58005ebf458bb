namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// The mean entropy of the target's predictions, negated (Morerio, Cavazza and Murino, "Minimal-Entropy Correlation Alignment for Unsupervised Deep Domain
/// Adaptation", ICLR 2018). It is fooled by models that are sure and wrong: one class for all images has the best score.
/// </summary>
public sealed class PredictionEntropy : AdaptationScorer
{
    /// <inheritdoc/>
    public override string Name => "entropy";

    /// <inheritdoc/>
    public override string Summary => "how sure the model is of its target predictions";

    /// <inheritdoc/>
    public override string Reference => "Morerio, Cavazza and Murino, Minimal-Entropy Correlation Alignment, ICLR 2018";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        var probabilities = trial.Probabilities;
        var sum = 0d;
        for (var row = 0; row < probabilities.Rows; row++)
            foreach (var probability in probabilities.Row(row))
                sum += probability > 0 ? probability * Math.Log(probability) : 0;
        return sum / probabilities.Rows;
    }
}
