using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Transfer component analysis (Pan, Tsang, Kwok and Yang, "Domain Adaptation via Transfer Component Analysis", IEEE Transactions on Neural Networks 22(2),
/// 2011): the components K A with the largest variance whose means differ least between the domains, the leading eigenvectors of (K L K + mu I)^-1 K H K
/// (section III-C). The kernel is linear, so that an image that was not there for the fit has the components x X'A and the map is affine; a curved kernel
/// could not be folded into the model. It fails where the domains differ in more than their means, and where the difference of means is what tells classes
/// apart.
/// </summary>
public sealed class TransferComponents : FeatureAdaptation
{
    /// <summary>The number of components, 1 or more; no more are taken than there are. Default: 30.</summary>
    public int Dimensions { get; init; } = 30;

    /// <summary>mu, above 0: what keeps the components short. Default: 1.</summary>
    public double Regularisation { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "tca";

    /// <inheritdoc/>
    public override string Summary => "keeps the components in which the domains' means agree";

    /// <inheritdoc/>
    public override string Reference =>
        "Pan, Tsang, Kwok and Yang, Domain Adaptation via Transfer Component Analysis, IEEE Transactions on Neural Networks 22(2), 2011";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates =>
        [this, .. new[] { 10, 20, 80 }.Select(value => new TransferComponents { Dimensions = value, Regularisation = Regularisation })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => [.. OutOfRange(Dimensions, 1), .. OutOfRange(Regularisation, 0, isOpen: true)];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var source = Matrix.From(problem.Source.Features);
        var all = source.Above(Matrix.From(problem.Target.Features));
        var means = ComponentSpace.MeanDifference(Enumerable.Range(0, source.Rows), Enumerable.Range(source.Rows, all.Rows - source.Rows), all.Rows)!;
        var space = new ComponentSpace(all, isDual: true);
        cancellation.ThrowIfCancellationRequested();
        var components = space.Components(ComponentSpace.Contrasts([(means, 1)]), Regularisation, Dimensions);
        return AdaptedFeatures.Mapped(problem.Source, source.Times(components), FeatureMap.Linear(components));
    }
}
