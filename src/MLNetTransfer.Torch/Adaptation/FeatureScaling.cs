namespace MLNetTransfer.Torch.Adaptation;

/// <summary>How features are brought to a common scale before a method sees them.</summary>
public enum FeatureScaling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Every feature has mean 0 and deviation 1 on the source; the target is moved along.</summary>
    Source,

    /// <summary>Every feature has mean 0 and deviation 1 on the source and on the target, each by its own figures: an alignment in itself.</summary>
    EachDomain,
}
