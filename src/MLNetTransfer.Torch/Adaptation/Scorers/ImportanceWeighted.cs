namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// Importance-weighted validation (Sugiyama, Krauledat and Mueller, "Covariate Shift Adaptation by Importance Weighted Cross Validation", JMLR 8, 2007): the
/// error on a held-out fifth of the source, negated and weighted by the ratio of the densities, which a domain classifier gives. The held-out images are read by the
/// target's map. It fails where the domains hardly overlap: a few images then decide.
/// </summary>
public sealed class ImportanceWeighted : AdaptationScorer
{
    /// <inheritdoc/>
    public override string Name => "iwv";

    /// <inheritdoc/>
    public override string Summary => "the error on held-out source images, negated, weighted by how much like target images they are";

    /// <inheritdoc/>
    public override string Reference => "Sugiyama, Krauledat and Mueller, Covariate Shift Adaptation by Importance Weighted Cross Validation, JMLR 8, 2007";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        var (errors, weights) = WeightedValidation.HeldOut(trial, cancellation);
        return -errors.Zip(weights, (error, weight) => error * weight).Average();
    }
}
