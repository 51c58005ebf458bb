using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// CORAL (Sun, Feng and Saenko, "Return of Frustratingly Easy Domain Adaptation", AAAI 2016): the source is whitened and coloured anew with the target's
/// covariance, X_S C_S^(-1/2) C_T^(1/2), algorithm 1. The paper takes features of mean 0 for granted; here the source moves to the target's mean, which is
/// the same there. Second moments are all it sees: it fails where the classes moved against each other, and where there are few images for many features
/// only its regularisation is left.
/// </summary>
public sealed class Coral : FeatureAdaptation
{
    /// <summary>What is added to the diagonal of both covariances, above 0. Default: 1, as in the paper.</summary>
    public double Regularisation { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "coral";

    /// <inheritdoc/>
    public override string Summary => "gives the source the target's mean and covariance";

    /// <inheritdoc/>
    public override string Reference => "Sun, Feng and Saenko, Return of Frustratingly Easy Domain Adaptation, AAAI 2016";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { .01, .1, 10 }.Select(value => new Coral { Regularisation = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Regularisation, 0, isOpen: true);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        var whitening = source.Covariance().SymmetricPower(-.5, Regularisation);
        cancellation.ThrowIfCancellationRequested();
        var colouring = target.Covariance().SymmetricPower(.5, Regularisation);
        var mapped = source.Centred().Values.Times(whitening.Times(colouring)).PlusRow(target.ColumnMeans());
        return AdaptedFeatures.Mapped(problem.Source, mapped, FeatureMap.Identity(mapped.Columns));
    }
}
