using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Linear optimal transport (Flamary, Lounici and Ferrari, "Concentration Bounds for Linear Monge Mapping Estimation and Optimal Transport Domain
/// Adaptation", 2019): the cheapest map between two Gaussians with the domains' means and covariances, x -> m_T + (x - m_S) A with
/// A = C_S^(-1/2) (C_S^(1/2) C_T C_S^(1/2))^(1/2) C_S^(-1/2), moves the source. As CORAL it sees second moments only, but moves the images as little as it can.
/// </summary>
public sealed class LinearTransport : FeatureAdaptation
{
    /// <summary>What is added to the diagonal of both covariances, above 0, on features of deviation 1. Default: 1, as of CORAL.</summary>
    public double Regularisation { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "linear-transport";

    /// <inheritdoc/>
    public override string Summary => "moves the source by the cheapest linear map to the target's mean and covariance";

    /// <inheritdoc/>
    public override string Reference =>
        "Flamary, Lounici and Ferrari, Concentration Bounds for Linear Monge Mapping Estimation and Optimal Transport Domain Adaptation, 2019";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { .01, .1, 10 }.Select(value => new LinearTransport { Regularisation = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Regularisation, 0, isOpen: true);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        var map = Map(source.Covariance(), target.Covariance(), Regularisation);
        var moved = source.Centred().Values.Times(map).PlusRow(target.ColumnMeans());
        return AdaptedFeatures.Mapped(problem.Source, moved, FeatureMap.Identity(moved.Columns));
    }

    /// <summary>A, which is symmetric, with A C_S A = C_T.</summary>
    internal static Matrix Map(Matrix source, Matrix target, double regularisation)
    {
        var ridge = Matrix.Identity(source.Rows).Scaled(regularisation);
        var (root, inverseRoot) = source.SymmetricPowers(.5, -.5, regularisation);
        var middle = root.Times(target.Plus(ridge)).Times(root).SymmetricPower(.5);
        return inverseRoot.Times(middle).Times(inverseRoot);
    }
}
