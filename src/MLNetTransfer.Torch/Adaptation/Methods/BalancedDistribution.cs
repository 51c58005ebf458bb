namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Balanced distribution adaptation (Wang, Chen, Hao, Feng and Shen, "Balanced Distribution Adaptation for Transfer Learning", ICDM 2017): as joint
/// distribution adaptation, with (1 - mu) M_0 + mu sum M_c in place of their sum (equation 6). It fails as that does; the balance cannot be known without
/// target labels, and .5 is no more than a middle.
/// </summary>
public sealed class BalancedDistribution : FeatureAdaptation
{
    /// <summary>mu, 0 to 1: 0 sees the domains' means only, 1 those of the classes only. Default: .5.</summary>
    public double Balance { get; init; } = .5;

    /// <summary>The number of components, 1 or more; no more are taken than there are. Default: 30.</summary>
    public int Dimensions { get; init; } = 30;

    /// <summary>lambda, above 0: what keeps the components short. Default: 1.</summary>
    public double Regularisation { get; init; } = 1;

    /// <summary>How often pseudo-labels are renewed, 1 or more. Default: 10.</summary>
    public int Iterations { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "bda";

    /// <inheritdoc/>
    public override string Summary => "as jda, with a balance between the domains' and the classes' means";

    /// <inheritdoc/>
    public override string Reference => "Wang, Chen, Hao, Feng and Shen, Balanced Distribution Adaptation for Transfer Learning, ICDM 2017";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates =>
    [
        this,
        .. new[] { .1, .9 }.Select(value => new BalancedDistribution
        {
            Balance = value, Dimensions = Dimensions, Regularisation = Regularisation, Iterations = Iterations,
        }),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults =>
        [.. OutOfRange(Balance, 0, 1), .. OutOfRange(Dimensions, 1), .. OutOfRange(Regularisation, 0, isOpen: true), .. OutOfRange(Iterations, 1)];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        JointAdaptation.Run(problem, settings, 1 - Balance, Balance, Regularisation, Dimensions, Iterations, cancellation);
}
