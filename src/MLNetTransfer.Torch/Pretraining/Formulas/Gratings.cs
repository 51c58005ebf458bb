namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Stripes, plaids and meshes: one to three waves of one shape and frequency.</summary>
internal sealed class Gratings : FormulaFamily
{
    public override string Name => "gratings";

    public override int Classes => 3 * 4 * 3;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var wave = Choose(ref formula, 0, 1, 2);
        var frequency = Choose(ref formula, 1.5f, 3.2f, 6.5f, 12f);
        var directions = Choose(ref formula, 1, 2, 3);
        var phase = random.NextSingle(0, 1);
        var bend = random.NextSingle(0, 0.15f);
        var seed = (uint)random.NextUInt64();
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) =>
        {
            var shift = bend * FormulaNoise.Gradient(u, v, seed);
            var sum = 0f;
            for (var d = 0; d < directions; d++)
            {
                var (sin, cos) = MathF.SinCos(MathF.PI * d / directions);
                var t = (((u * cos) + (v * sin) + shift) * frequency) + phase;
                sum += wave switch
                {
                    0 => MathF.Sin(MathF.Tau * t),
                    1 => Math.Clamp(MathF.Sin(MathF.Tau * t) * 4, -1, 1),
                    _ => (2 * (t - MathF.Floor(t))) - 1,
                };
            }

            return sum;
        });
    }
}
