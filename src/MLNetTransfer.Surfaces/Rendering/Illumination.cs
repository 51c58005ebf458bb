namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>The light on a surface.</summary>
internal sealed record Illumination
{
    /// <summary>Colour of the direct light.</summary>
    public required Tint Colour { get; init; }

    /// <summary>Height of the lamp or sun over the surface in turns: 0 grazes it, 0.25 is overhead.</summary>
    public required Interval Elevation { get; init; }

    /// <summary>Share of the light that comes from everywhere.</summary>
    public required Interval Ambient { get; init; }

    /// <summary>Change of the light from one side of the picture to the other, over its mean.</summary>
    public required Interval Gradient { get; init; }
}
