namespace MLNetTransfer.Diagnosis;

/// <summary>What source and target differ in: the three scenarios of transfer learning, none of them, or more than the images can tell.</summary>
public enum Scenario
{
    /// <summary>Nothing that matters: a model of the source can be used on the target as it is.</summary>
    None,

    /// <summary>The feature spaces differ, X_S != X_T: grey against coloured images, or images of far fewer pixels.</summary>
    FeatureSpace,

    /// <summary>The images are distributed differently, p_S(x) != p_T(x); the same question is asked.</summary>
    DomainAdaptation,

    /// <summary>Another question is asked: other classes, or p_S(y|x) != p_T(y|x).</summary>
    TaskTransfer,

    /// <summary>Too few images, or evidence too weak, to say any of these.</summary>
    Unknown,
}
