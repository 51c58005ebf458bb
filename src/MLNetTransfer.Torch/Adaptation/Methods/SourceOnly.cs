namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>No adaptation: the floor that every method is compared with.</summary>
public sealed class SourceOnly : FeatureAdaptation
{
    /// <inheritdoc/>
    public override string Name => "none";

    /// <inheritdoc/>
    public override string Summary => "the source's classifier as it is";

    /// <inheritdoc/>
    public override string? Reference => null;

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(problem.Source, FeatureMap.Identity(problem.Source.Features.Columns));
}
