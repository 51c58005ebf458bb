namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Spots and labyrinths: noise of one octave cut at a level, as reaction and diffusion leave it.</summary>
internal sealed class Spots : FormulaFamily
{
    public override string Name => "spots";

    public override int Classes => 4 * 3 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var frequency = Choose(ref formula, 2.5f, 5f, 9f, 15f);
        var level = Choose(ref formula, 0f, 0.25f, 0.5f);
        var sharpness = Choose(ref formula, 3f, 20f);
        var seed = (uint)random.NextUInt64();
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) =>
            Math.Clamp(sharpness * (FormulaNoise.Gradient(u * frequency, v * frequency, seed) - level), -1, 1));
    }
}
