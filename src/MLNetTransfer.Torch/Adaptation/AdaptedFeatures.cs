using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What a classifier is to be trained on for a target, and how features of the target come into the same space.</summary>
/// <param name="Training">Labelled rows in the adapted space: the source's, mapped or transported, and others where a method adds them.</param>
/// <param name="TargetMap">Takes features of the target, on the common scale, into the adapted space.</param>
/// <param name="Weights">The weight of every training row, 0 or more, not all 0; null for equal ones.</param>
public sealed record AdaptedFeatures(LabeledFeatures Training, FeatureMap TargetMap, double[]? Weights = null);
