namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>How an octave of noise is folded before it is summed.</summary>
internal enum NoiseKind
{
    /// <summary>As it is: clouds.</summary>
    Plain,

    /// <summary>Sharp crests: veins and ridges.</summary>
    Ridged,

    /// <summary>Sharp valleys: pillows and cobbles.</summary>
    Billow,
}
