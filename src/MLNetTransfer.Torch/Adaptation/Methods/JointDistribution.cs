namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Joint distribution adaptation (Long, Wang, Ding, Sun and Yu, "Transfer Feature Learning with Joint Distribution Adaptation", ICCV 2013): as transfer
/// component analysis, with the means of every class to agree too, by pseudo-labels of the target that are improved in turns (algorithm 1), in the primal:
/// (X M X' + lambda I) A = X H X' A Phi, so that the map is affine. M_0 counts as often as there are classes, as in the authors' code. It fails where the
/// first pseudo-labels are mostly wrong: they confirm themselves.
/// </summary>
public sealed class JointDistribution : FeatureAdaptation
{
    /// <summary>The number of components, 1 or more; no more are taken than there are. Default: 30.</summary>
    public int Dimensions { get; init; } = 30;

    /// <summary>lambda, above 0: what keeps the components short. Default: 1.</summary>
    public double Regularisation { get; init; } = 1;

    /// <summary>How often pseudo-labels are renewed, 1 or more. Default: 10, as in the paper.</summary>
    public int Iterations { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "jda";

    /// <inheritdoc/>
    public override string Summary => "keeps the components in which the domains' and the classes' means agree";

    /// <inheritdoc/>
    public override string Reference => "Long, Wang, Ding, Sun and Yu, Transfer Feature Learning with Joint Distribution Adaptation, ICCV 2013";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates =>
        [this, .. new[] { .1, 10 }.Select(value => new JointDistribution { Regularisation = value, Dimensions = Dimensions, Iterations = Iterations })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults =>
        [.. OutOfRange(Dimensions, 1), .. OutOfRange(Regularisation, 0, isOpen: true), .. OutOfRange(Iterations, 1)];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        JointAdaptation.Run(problem, settings, marginal: problem.Source.Classes.Count, conditional: 1, Regularisation, Dimensions, Iterations, cancellation);
}
