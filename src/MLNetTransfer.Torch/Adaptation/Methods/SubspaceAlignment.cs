using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Subspace alignment (Fernando, Habrard, Sebban and Tuytelaars, "Unsupervised Visual Domain Adaptation Using Subspace Alignment", ICCV 2013): each domain in
/// its own principal axes, the source's turned towards the target's, X_S P_S P_S' P_T against X_T P_T (equations 1 and 2). Each domain is centred on its
/// own mean. It fails where the domains differ in the directions of little variance, or within the subspace.
/// </summary>
public sealed class SubspaceAlignment : FeatureAdaptation
{
    /// <summary>The number of principal axes of each domain, 1 or more; no more are taken than it has. Default: 80.</summary>
    public int Dimensions { get; init; } = 80;

    /// <inheritdoc/>
    public override string Name => "subspace-alignment";

    /// <inheritdoc/>
    public override string Summary => "turns the source's principal axes towards the target's";

    /// <inheritdoc/>
    public override string Reference => "Fernando, Habrard, Sebban and Tuytelaars, Unsupervised Visual Domain Adaptation Using Subspace Alignment, ICCV 2013";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { 10, 20, 40 }.Select(value => new SubspaceAlignment { Dimensions = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Dimensions, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var source = Matrix.From(problem.Source.Features).Centred().Values;
        var (target, mean) = Matrix.From(problem.Target.Features).Centred();
        var sourceAxes = source.RightSingular().V.FirstColumns(Dimensions);
        cancellation.ThrowIfCancellationRequested();
        var targetAxes = target.RightSingular().V.FirstColumns(Dimensions);
        var aligned = source.Times(sourceAxes.Times(sourceAxes.TransposedTimes(targetAxes)));
        return AdaptedFeatures.Mapped(problem.Source, aligned, FeatureMap.Centred(mean, targetAxes));
    }
}
