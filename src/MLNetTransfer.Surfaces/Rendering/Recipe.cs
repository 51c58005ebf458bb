namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>All parameters of a domain; an image draws its own from their ranges.</summary>
internal sealed record Recipe
{
    /// <summary>Range of the magnification: 1 is the scale that the lengths are given at.</summary>
    public required Interval Zoom { get; init; }

    public required Material Material { get; init; }

    public required CrackStyle Cracks { get; init; }

    public required DistractorRates Distractors { get; init; }

    public required Illumination Illumination { get; init; }

    public required Camera Camera { get; init; }
}
