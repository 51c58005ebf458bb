namespace MLNetTransfer.Diagnosis;

/// <summary>What a diagnosis rests on. Immutable.</summary>
public sealed class DiagnosisEvidence
{
    internal DiagnosisEvidence(int sourceImages, int targetImages, int sharedImages, FeatureSpaceEvidence featureSpace, ClassEvidence classes) =>
        (SourceImages, TargetImages, SharedImages, FeatureSpace, Classes) = (sourceImages, targetImages, sharedImages, featureSpace, classes);

    /// <summary>The different images of the source that were examined: copies count once.</summary>
    public int SourceImages { get; }

    /// <summary>The different images of the target that were examined.</summary>
    public int TargetImages { get; }

    /// <summary>How many images of the target are, nearly, in the source too.</summary>
    public int SharedImages { get; }

    /// <summary>Colour, pixels, files.</summary>
    public FeatureSpaceEvidence FeatureSpace { get; }

    /// <summary>The classes.</summary>
    public ClassEvidence Classes { get; }

    /// <summary>The distribution of the features, p(x); null where there are too few images.</summary>
    public MarginalShiftEvidence? Marginal { get; internal init; }

    /// <summary>The proportions of the classes, p(y); null where they cannot be estimated.</summary>
    public LabelShiftEvidence? LabelShift { get; internal init; }

    /// <summary>The question, p(y|x); null where the target has too few labels.</summary>
    public ConditionalShiftEvidence? Conditional { get; internal init; }

    /// <summary>The images of the target that look most foreign, the most foreign first. Empty where there are too few images.</summary>
    public IReadOnlyList<ForeignImage> Foreign { get; internal init; } = [];

    /// <summary>Where the images lie, for plots: those of the source, then those of the target. Empty where there are too few images.</summary>
    public IReadOnlyList<DomainPoint> Points { get; internal init; } = [];
}
