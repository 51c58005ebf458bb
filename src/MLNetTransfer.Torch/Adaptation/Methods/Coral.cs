using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// CORAL (Sun, Feng and Saenko, "Return of Frustratingly Easy Domain Adaptation", AAAI 2016): the source is whitened and coloured anew with the target's
/// covariance, X_S C_S^(-1/2) C_T^(1/2), algorithm 1. Second moments are all it sees: it fails where the classes moved against each other, and where
/// there are few images for many features only its regularisation is left.
/// </summary>
public sealed class Coral : FeatureAdaptation
{
    /// <summary>What is added to the diagonal of both covariances, above 0. Default: 1, as in the paper.</summary>
    public double Regularisation { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "coral";

    /// <inheritdoc/>
    public override string Summary => "gives the source the target's covariance";

    /// <inheritdoc/>
    public override string Reference => "Sun, Feng and Saenko, Return of Frustratingly Easy Domain Adaptation, AAAI 2016";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { .01, .1, 10 }.Select(value => new Coral { Regularisation = value })];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var source = Matrix.From(problem.Source.Features);
        var whitening = Power(source.Covariance(), -.5);
        cancellation.ThrowIfCancellationRequested();
        var colouring = Power(Matrix.From(problem.Target.Features).Covariance(), .5);
        var mapped = source.Times(whitening.Times(colouring)).ToFeatures();
        return new AdaptedFeatures(new LabeledFeatures(mapped, problem.Source.Labels, problem.Source.Classes), FeatureMap.Identity(mapped.Columns));
    }

    /// <summary>(covariance + regularisation I)^exponent.</summary>
    private Matrix Power(Matrix covariance, double exponent)
    {
        var (values, vectors) = covariance.SymmetricEigen();
        // A covariance has no negative eigenvalues; rounding has.
        double[] powers = [.. values.Select(value => Math.Pow(Math.Max(value, 0) + Regularisation, exponent))];
        return vectors.Times(Matrix.Diagonal(powers)).TimesTransposed(vectors);
    }
}
