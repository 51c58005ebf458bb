namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A distant lamp and the light that comes from everywhere.</summary>
internal readonly record struct ThingLight(float X, float Y, float Z, float Ambient)
{
    /// <summary>Draws a lamp somewhere above the image.</summary>
    public static ThingLight Draw(RandomStream random)
    {
        var (sin, cos) = MathF.SinCos(random.NextSingle(0, MathF.Tau));
        var height = random.NextSingle(0.4f, 0.9f);
        var flat = MathF.Sqrt(1 - (height * height));
        return new ThingLight(cos * flat, sin * flat, height, random.NextSingle(0.25f, 0.6f));
    }

    /// <summary>What a surface does with it: the factor of its colour (Lambert), and the white that a gloss adds (Phong, power 16).</summary>
    /// <param name="nx">The surface's normal, to the right.</param>
    /// <param name="ny">The surface's normal, down.</param>
    /// <param name="nz">The surface's normal, towards the eye.</param>
    /// <param name="gloss">From 0 to 1.</param>
    public (float Shade, float Shine) On(float nx, float ny, float nz, float gloss)
    {
        var lit = MathF.Max(0, (nx * X) + (ny * Y) + (nz * Z));
        var power = lit * lit;
        power *= power;
        power *= power;
        return (Ambient + ((1.25f - Ambient) * lit), gloss * power * power);
    }
}
