namespace MLNetTransfer.Heads;

/// <summary>How much an image of each class counts while a head learns.</summary>
public enum ClassWeighting
{
    /// <summary>Every class counts the same in total: an image weighs images / (classes x images of its class).</summary>
    Balanced,

    /// <summary>Every image counts the same, so that a frequent class counts for more.</summary>
    None,
}
