namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>The patterns of <see cref="ThingSkin"/>.</summary>
internal enum ThingPattern
{
    /// <summary>One colour.</summary>
    Plain,

    /// <summary>Bands across the part.</summary>
    Stripes,

    /// <summary>Soft bands along it.</summary>
    Waves,

    /// <summary>Dots.</summary>
    Spots,

    /// <summary>Two octaves of noise.</summary>
    Clouds,

    /// <summary>Noise drawn out along the part.</summary>
    Hair,

    /// <summary>The second colour towards the edge.</summary>
    Rim,
}
