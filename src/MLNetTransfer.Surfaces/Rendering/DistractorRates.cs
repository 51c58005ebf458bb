namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Mean numbers, per image, of the things on a surface that are not cracks. Both classes have the same rates.</summary>
internal sealed record DistractorRates
{
    /// <summary>Groups of straight, shallow scratches.</summary>
    public float Scratches { get; init; }

    /// <summary>Stains: damp patches, oil, rust.</summary>
    public float Stains { get; init; }

    /// <summary>Rims that dried-up water left: closed, meandering, soft lines.</summary>
    public float WaterMarks { get; init; }

    /// <summary>Straight joints, formwork lines and sealed seams.</summary>
    public float Joints { get; init; }

    /// <summary>Fields of open pores.</summary>
    public float Pores { get; init; }

    /// <summary>Soft edges of shadows that fall on the surface.</summary>
    public float Shadows { get; init; }

    /// <summary>Hairs, fibres and threads that lie on the surface.</summary>
    public float Fibres { get; init; }

    /// <summary>Runs of paint or slurry.</summary>
    public float Runs { get; init; }

    /// <summary>Cables and hoses in front of the surface.</summary>
    public float Cables { get; init; }

    /// <summary>Patches where the top coat has come off or been repaired.</summary>
    public float Flakes { get; init; }
}
