namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>How a material cracks. Lengths are picture pixels at the domain's nominal scale.</summary>
internal sealed record CrackStyle
{
    /// <summary>Width of an image's main crack; narrow ones are more frequent than wide ones.</summary>
    public required Interval Width { get; init; }

    /// <summary>Share of the light that the crack's floor swallows.</summary>
    public required Interval Darkness { get; init; }

    /// <summary>How far the heading wanders, in turns.</summary>
    public required Interval Meander { get; init; }

    /// <summary>Mean number of branches of a crack across the picture.</summary>
    public required float Branches { get; init; }

    /// <summary>Share of cracked images with a closed network ("map cracking") in place of single cracks.</summary>
    public required float Networks { get; init; }

    /// <summary>Mesh of such a network.</summary>
    public required Interval Mesh { get; init; }

    /// <summary>How far crumbled edges displace the outline, over the width.</summary>
    public required float Raggedness { get; init; }

    /// <summary>Share of images whose cracks are pale with washed-out lime or dust rather than dark with dirt.</summary>
    public float Pale { get; init; }
}
