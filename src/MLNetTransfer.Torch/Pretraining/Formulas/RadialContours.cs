namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Closed wavy contours inside one another (Kataoka et al., "Replacing Labeled Real-image Datasets with Auto-generated Contours", CVPR 2022).</summary>
internal sealed class RadialContours : FormulaFamily
{
    public override string Name => "radial contours";

    public override int Classes => 4 * 3 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var waves = Choose(ref formula, 3, 5, 8, 13);
        var contours = Choose(ref formula, 1, 3, 8);
        var depth = Choose(ref formula, 0.12f, 0.35f);
        canvas.PaintBackground(random);
        var seed = (uint)random.NextUInt64();
        var phase = random.NextSingle(0, MathF.Tau);
        var rough = random.NextSingle(0, 0.25f);
        var radius = canvas.Side * random.NextSingle(0.28f, 0.45f);
        var halfWidth = random.NextSingle(0.6f, 1.3f);
        var colour = canvas.Colours.Draw(random);
        float centreX = canvas.Side * random.NextSingle(0.35f, 0.65f), centreY = canvas.Side * random.NextSingle(0.35f, 0.65f);
        canvas.Blend(colour, 1, 0, centreX, centreY, radius * 1.5f, (x, y) =>
        {
            var turn = MathF.Atan2(y, x);
            var (sin, cos) = MathF.SinCos(turn);
            var edge = 1 + (depth * MathF.Cos((waves * turn) + phase)) + (rough * FormulaNoise.Gradient(3 * cos, 3 * sin, seed));
            var level = MathF.Sqrt((x * x) + (y * y)) / (radius * edge) * contours;
            var nearest = Math.Clamp(MathF.Round(level), 1, contours);
            return (MathF.Abs(level - nearest) * radius / contours) - halfWidth;
        });
    }
}
