namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>What a surface is made of. Lengths are picture pixels at the domain's nominal scale, heights too.</summary>
internal sealed record Material
{
    /// <summary>Linear reflectance.</summary>
    public required Tint Colour { get; init; }

    /// <summary>Greatest deviation of an image's red and blue from the colour.</summary>
    public required float ColourSpread { get; init; }

    /// <summary>Deviation of the broad light and dark patches over the reflectance.</summary>
    public required Interval Mottle { get; init; }

    /// <summary>Size of those patches.</summary>
    public required Interval MottleSize { get; init; }

    /// <summary>Deviation of the finest visible speckle over the reflectance.</summary>
    public required Interval Grain { get; init; }

    /// <summary>Deviation of the height of the fractal relief.</summary>
    public required Interval Relief { get; init; }

    /// <summary>Wavelength of the largest features of the relief.</summary>
    public required Interval ReliefSize { get; init; }

    /// <summary>Amplitude of an octave of the relief over the one before: higher is rougher.</summary>
    public required Interval Roughness { get; init; }

    /// <summary>Length of the relief's features over their width: brushed, towed or rolled surfaces are above 1.</summary>
    public Interval Stretch { get; init; } = new(1, 1.3f);

    /// <summary>Diameter of the visible stones, 0 for none.</summary>
    public float StoneSize { get; init; }

    /// <summary>Deviation of the stones' reflectance over the reflectance.</summary>
    public Interval StoneContrast { get; init; }

    /// <summary>How far stones stand out of the binder.</summary>
    public Interval StoneHeight { get; init; }
}
