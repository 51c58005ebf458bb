namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Statistics of the target (Li, Wang, Shi, Liu and Hou, "Revisiting Batch Normalization For Practical Domain Adaptation", 2016; AdaBN): the classifier is trained on features normalised by the
/// source's means and deviations and meets features normalised by the target's, (x - mean_T) / deviation_T. The paper does so for every neuron with batch normalisation, here it is every
/// feature. It fails where the classes' shares differ, which moves the means, and where the domains differ in more than the scale and place of single features.
/// </summary>
public sealed class TargetStatistics : FeatureAdaptation
{
    /// <inheritdoc/>
    public override string Name => "adabn";

    /// <inheritdoc/>
    public override string Summary => "gives every feature of the target the mean and deviation it has in the source";

    /// <inheritdoc/>
    public override string Reference => "Li, Wang, Shi, Liu and Hou, Revisiting Batch Normalization For Practical Domain Adaptation, arXiv 1603.04779, 2016";

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(new Standardisation(problem.Source.Features).Apply(problem.Source), new Standardisation(problem.Target.Features).ToMap());
}
