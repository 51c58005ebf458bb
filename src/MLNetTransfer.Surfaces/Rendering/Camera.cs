namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>The camera that photographs a surface.</summary>
internal sealed record Camera
{
    /// <summary>Radius of the lens's blur in picture pixels.</summary>
    public required Interval Blur { get; init; }

    /// <summary>Darkening of the corners, as a share of the light.</summary>
    public required Interval Vignette { get; init; }

    /// <summary>Linear mean that the exposure aims at, 0..1.</summary>
    public required Interval Exposure { get; init; }

    /// <summary>Deviation of the sensor's noise in the dark, linear.</summary>
    public required Interval ReadNoise { get; init; }

    /// <summary>Deviation of the photon noise at full white, linear; it grows with the root of the signal.</summary>
    public required Interval ShotNoise { get; init; }

    /// <summary>Error of the white balance: greatest relative deviation of red and blue.</summary>
    public required float WhiteBalance { get; init; }

    /// <summary>Strength of the camera's own sharpening.</summary>
    public required Interval Sharpening { get; init; }

    /// <summary>Quality of its JPEG files, 0..100.</summary>
    public required Interval Quality { get; init; }
}
