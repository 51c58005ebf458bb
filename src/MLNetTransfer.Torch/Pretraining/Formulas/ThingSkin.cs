namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>How the two colours of a part are laid over it.</summary>
/// <param name="Pattern">Which pattern.</param>
/// <param name="Frequency">How fine it is, 2 to 9.</param>
internal readonly record struct ThingSkin(ThingPattern Pattern, float Frequency)
{
    /// <summary>The number of patterns.</summary>
    public const int Patterns = (int)ThingPattern.Rim + 1;

    /// <summary>The share of the second colour, 0 to 1, at a place along and across a part (-1 to 1).</summary>
    /// <param name="u">Along.</param>
    /// <param name="v">Across.</param>
    /// <param name="square">The squared distance from the centre, 1 at the edge.</param>
    /// <param name="seed">The noise of this part.</param>
    public float SecondColourAt(float u, float v, float square, uint seed) => Pattern switch
    {
        ThingPattern.Stripes => 0.5f + (0.5f * MathF.Sin(Frequency * u * 1.5f)) > 0.5f ? 1 : 0,
        ThingPattern.Waves => 0.5f + (0.5f * MathF.Sin(Frequency * v * 1.5f)),
        ThingPattern.Spots => Spot(u * Frequency * 0.35f, v * Frequency * 0.35f, seed),
        ThingPattern.Clouds => Math.Clamp(0.5f + FormulaNoise.Fractal(u * Frequency * 0.5f, v * Frequency * 0.5f, seed, 2, 0.6f), 0, 1),
        ThingPattern.Hair => Math.Clamp(0.5f + FormulaNoise.Gradient(u * Frequency * 0.7f, v * Frequency * 3, seed), 0, 1),
        ThingPattern.Rim => Math.Clamp(square, 0, 1),
        _ => 0,
    };

    /// <summary>A disc of radius .3 near the middle of each unit square.</summary>
    private static float Spot(float x, float y, uint seed)
    {
        var fx = MathF.Floor(x);
        var fy = MathF.Floor(y);
        var hash = FormulaNoise.Hash((int)fx, (int)fy, seed);
        float dx = x - fx - 0.5f - (((hash & 255) / 255f - 0.5f) * 0.3f), dy = y - fy - 0.5f - ((((hash >> 8) & 255) / 255f - 0.5f) * 0.3f);
        return (dx * dx) + (dy * dy) < 0.09f ? 1 : 0;
    }
}
