namespace MLNetTransfer.Diagnosis;

/// <summary>Whether the images live in different spaces: colour, pixels, files. Immutable.</summary>
public sealed class FeatureSpaceEvidence
{
    internal FeatureSpaceEvidence(IReadOnlyList<ImageTraits> source, IReadOnlyList<ImageTraits> target, int side)
    {
        (Source, Target, Side) = (new DomainTraits(source, side), new DomainTraits(target, side), side);
        GreyPValue = FisherExact.PValue(Source.Grey, Source.Images, Target.Grey, Target.Images);
        SmallPValue = FisherExact.PValue(Source.Small, Source.Images, Target.Small, Target.Images);
    }

    /// <summary>The files of the source.</summary>
    public DomainTraits Source { get; }

    /// <summary>The files of the target.</summary>
    public DomainTraits Target { get; }

    /// <summary>The side, in pixels, of the square that the network looks at.</summary>
    public int Side { get; }

    /// <summary>The p-value of equal shares of grey images (Fisher's exact test).</summary>
    public double GreyPValue { get; }

    /// <summary>The p-value of equal shares of images smaller than <see cref="Side"/> (Fisher's exact test).</summary>
    public double SmallPValue { get; }

    /// <summary>The share of grey images of the target minus that of the source, -1 to 1.</summary>
    public double GreyDifference => Difference(Target.Grey, Source.Grey);

    /// <summary>The share of small images of the target minus that of the source, -1 to 1.</summary>
    public double SmallDifference => Difference(Target.Small, Source.Small);

    private double Difference(int target, int source) => ((double)target / Target.Images) - ((double)source / Source.Images);
}
