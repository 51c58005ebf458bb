using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What a classifier is to be trained on for a target, and how features of the target come into the same space. Immutable.</summary>
/// <param name="training">Labelled rows in the adapted space: the source's, mapped or transported, and others where a method adds them.</param>
/// <param name="targetMap">Takes features of the target, on the common scale, into the adapted space.</param>
/// <param name="weights">The weight of every training row, 0 or more, not all 0; null for equal ones.</param>
public sealed class AdaptedFeatures(LabeledFeatures training, FeatureMap targetMap, double[]? weights = null)
{
    /// <summary>Labelled rows in the adapted space.</summary>
    public LabeledFeatures Training { get; } = training;

    /// <summary>Takes features of the target, on the common scale, into the adapted space.</summary>
    public FeatureMap TargetMap { get; } = targetMap;

    /// <summary>The weight of every training row; null for equal ones.</summary>
    public double[]? Weights { get; } = weights;

    /// <summary>The source with other features: rows as they are, labels kept.</summary>
    internal static AdaptedFeatures Mapped(LabeledFeatures source, Matrix features, FeatureMap targetMap) =>
        new(new LabeledFeatures(features.ToFeatures(), source.Labels, source.Classes), targetMap);
}
