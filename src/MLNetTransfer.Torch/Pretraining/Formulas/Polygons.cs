namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Discs, polygons and stars, filled or outlined, one or a few or many, on a background.</summary>
internal sealed class Polygons : FormulaFamily
{
    public override string Name => "polygons";

    public override int Classes => 5 * 3 * 3;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var sides = Choose(ref formula, 0, 3, 4, 5, 7);
        var kind = Choose(ref formula, 0, 1, 2);
        var (count, smallest, largest) = Choose(ref formula, (1, 0.25f, 0.45f), (4, 0.12f, 0.22f), (14, 0.06f, 0.11f));
        canvas.PaintBackground(random);
        for (var i = 0; i < count; i++)
        {
            var radius = canvas.Side * random.NextSingle(smallest, largest);
            var angle = random.NextSingle(0, MathF.Tau);
            var shape = kind == 1 ? FormulaShapes.Star(Math.Max(sides, 2) + 1, radius, angle) : FormulaShapes.Regular(sides, radius, angle);
            if (kind == 2)
            {
                var filled = shape;
                var halfWidth = random.NextSingle(0.6f, 1.6f);
                shape = (x, y) => MathF.Abs(filled(x, y) + halfWidth) - halfWidth;
            }

            var margin = radius / 2;
            canvas.Blend(canvas.Colours.Draw(random), random.NextSingle(0.7f, 1), random.NextSingle(0, 1),
                random.NextSingle(margin, canvas.Side - margin), random.NextSingle(margin, canvas.Side - margin), radius, shape);
        }
    }
}
