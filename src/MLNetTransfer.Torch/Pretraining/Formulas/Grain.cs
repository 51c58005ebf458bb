namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Wood, brushed metal and marble: noise stretched along one direction, straight or warped.</summary>
internal sealed class Grain : FormulaFamily
{
    public override string Name => "grain";

    public override int Classes => 2 * 3 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var stretch = Choose(ref formula, 3.5f, 10f);
        var frequency = Choose(ref formula, 2f, 5f, 12f);
        var warp = Choose(ref formula, 0f, 0.5f);
        var seed = (uint)random.NextUInt64();
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) =>
        {
            v += warp * FormulaNoise.Gradient(u * 1.5f, v * 1.5f, seed + 77);
            return FormulaNoise.Fractal(u * frequency / stretch, v * frequency, seed, 4, 0.6f);
        });
    }
}
