namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Clouds, veins and pillows: noise whose spectrum falls at a given rate from a given frequency.</summary>
internal sealed class NoiseSpectra : FormulaFamily
{
    public override string Name => "noise spectra";

    public override int Classes => 4 * 3 * 3;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var gain = Choose(ref formula, 0.3f, 0.5f, 0.7f, 0.95f);
        var frequency = Choose(ref formula, 1.2f, 3.5f, 9f);
        var kind = Choose(ref formula, NoiseKind.Plain, NoiseKind.Ridged, NoiseKind.Billow);
        var seed = (uint)random.NextUInt64();
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) => FormulaNoise.Fractal(u * frequency, v * frequency, seed, 5, gain, kind));
    }
}
