namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// Deep embedded validation (You, Wang, Long and Jordan, "Towards Accurate Model Selection in Deep Unsupervised Domain Adaptation", ICML 2019): as
/// importance-weighted validation, with the weights' known mean of 1 as a control variate: mean(w l) + eta (mean(w) - 1), eta = -cov(w l, w) / var(w)
/// (equation 9). The paper's ratios are of deep features; here they are of the features given.
/// </summary>
public sealed class DeepEmbedded : AdaptationScorer
{
    /// <inheritdoc/>
    public override string Name => "dev";

    /// <inheritdoc/>
    public override string Summary => "as iwv, with less variance by a control variate";

    /// <inheritdoc/>
    public override string Reference => "You, Wang, Long and Jordan, Towards Accurate Model Selection in Deep Unsupervised Domain Adaptation, ICML 2019";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        var (errors, weights) = WeightedValidation.HeldOut(trial, cancellation);
        return -Risk(errors, weights);
    }

    internal static double Risk(double[] errors, double[] weights)
    {
        double[] weighted = [.. errors.Zip(weights, (error, weight) => error * weight)];
        double mean = weighted.Average(), meanWeight = weights.Average();
        var covariance = weighted.Zip(weights, (value, weight) => (value - mean) * (weight - meanWeight)).Sum();
        var variance = weights.Sum(weight => (weight - meanWeight) * (weight - meanWeight));
        return variance > 0 ? mean - (covariance / variance * (meanWeight - 1)) : mean;
    }
}
