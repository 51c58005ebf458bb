namespace MLNetTransfer.Domains;

/// <summary>The bottlenecks of an unlabelled domain. A type of its own, so that nothing made for it can ask for labels.</summary>
/// <param name="features">One row an image.</param>
public sealed class UnlabeledFeatures(FeatureMatrix features)
{
    /// <summary>One row an image.</summary>
    public FeatureMatrix Features { get; } = features ?? throw new ArgumentNullException(nameof(features));
}
