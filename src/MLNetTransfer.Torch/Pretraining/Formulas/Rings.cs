namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Rings, spirals and stars around a point.</summary>
internal sealed class Rings : FormulaFamily
{
    public override string Name => "rings";

    public override int Classes => 5 * 4;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var arms = Choose(ref formula, 0, 1, 3, 6, 12);
        var frequency = Choose(ref formula, 0f, 2f, 4.5f, 9f);
        if (arms == 0 && frequency == 0)
            frequency = 14;
        var sharpness = random.NextSingle(1, 5);
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) =>
            Math.Clamp(sharpness * MathF.Sin((MathF.Tau * frequency * MathF.Sqrt((u * u) + (v * v))) + (arms * MathF.Atan2(v, u))), -1, 1));
    }
}
