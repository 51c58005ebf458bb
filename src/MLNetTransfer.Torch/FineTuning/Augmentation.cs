namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// Changes to images that leave their class as it is, so that few images look like many. All are off by default but the mirror image; which are
/// harmless depends on the task: photos of surfaces may be turned, photos of things seldom stand on their heads.
/// </summary>
public sealed record Augmentation
{
    /// <summary>No change at all.</summary>
    public static Augmentation None { get; } = new() { Mirror = false };

    /// <summary>Mirror images and quarter turns: all eight ways to lay a square down, for pictures without an upside such as surfaces or cells.</summary>
    public static Augmentation Turns { get; } = new() { Flip = true, Transpose = true };

    /// <summary>Left and right may change places; default true.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Top and bottom may change places; default false.</summary>
    public bool Flip { get; init; }

    /// <summary>Rows and columns may change places; default false.</summary>
    public bool Transpose { get; init; }

    /// <summary>The least share of the area that a random crop keeps before it is enlarged again, above 0 to 1; default 1, no crop.</summary>
    public double Crop { get; init; } = 1;

    /// <summary>How far brightness, contrast and saturation may be changed, as a share of 1; 0 up to 1; default 0.</summary>
    public double Colour { get; init; }

    /// <summary>The deviation of the noise added to each value, where black is 0 and white is 1; 0 up to 1; default 0.</summary>
    public double Noise { get; init; }

    /// <summary>
    /// The strength of mixing pairs of images and their classes (Zhang et al., "mixup", ICLR 2018): shares are drawn from Beta(MixUp, MixUp). Where lower layers
    /// are frozen their activations are mixed (Verma et al., "Manifold Mixup", ICML 2019). 0 up to 10; default 0, none.
    /// </summary>
    public double MixUp { get; init; }

    /// <summary>Whether any image is changed by itself.</summary>
    internal bool ChangesImages => Mirror || Flip || Transpose || Crop < 1 || Colour > 0 || Noise > 0;

    internal IEnumerable<string> Faults()
    {
        if (!(Crop is > 0 and <= 1))
            yield return FormattableString.Invariant($"Crop is above 0 and at most 1; received {Crop}.");
        if (!(Colour is >= 0 and < 1))
            yield return FormattableString.Invariant($"Colour is 0 up to 1; received {Colour}.");
        if (!(Noise is >= 0 and < 1))
            yield return FormattableString.Invariant($"Noise is 0 up to 1; received {Noise}.");
        if (!(MixUp is >= 0 and <= 10))
            yield return FormattableString.Invariant($"MixUp is 0 to 10; received {MixUp}.");
    }
}
