using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Feature augmentation (Daume III, "Frustratingly Easy Domain Adaptation", ACL 2007): every feature thrice, x becomes (x, x, 0) in the source and (x, 0, x)
/// in the target (section 3), so that a linear classifier learns what is common and what is of one domain. Needs a few labels of the target. It fails where
/// these are too few to say anything, and costs accuracy where the domains are the same.
/// </summary>
public sealed class FeatureAugmentation : FeatureAdaptation
{
    /// <inheritdoc/>
    public override string Name => "feature-augmentation";

    /// <inheritdoc/>
    public override string Summary => "learns what source and few target labels share, and what is of one domain";

    /// <inheritdoc/>
    public override string Reference => "Daume III, Frustratingly Easy Domain Adaptation, ACL 2007";

    /// <inheritdoc/>
    public override bool NeedsShots => true;

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Map(problem.Source.Features.Columns, isTarget: false), Map(problem.Source.Features.Columns, isTarget: true));
        LabeledFeatures Augmented(LabeledFeatures domain, FeatureMap map) => new(map.Apply(domain.Features), domain.Labels, domain.Classes);
        return new AdaptedFeatures(Rows.Joined(Augmented(problem.Source, source), Augmented(problem.Shots!, target)), target);
    }

    private static FeatureMap Map(int features, bool isTarget)
    {
        var weights = new Matrix(features, 3 * features);
        for (var j = 0; j < features; j++)
            weights[j, j] = weights[j, ((isTarget ? 2 : 1) * features) + j] = 1;
        return FeatureMap.Linear(weights);
    }
}
