namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Shapes that cover one another like fallen leaves (Lee, Mumford and Huang, "Occlusion Models for Natural Images", IJCV 2001).</summary>
internal sealed class DeadLeaves : FormulaFamily
{
    public override string Name => "dead leaves";

    public override int Classes => 5 * 3 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var shape = Choose(ref formula, 0, 3, 4, 1, 2);
        var (smallest, largest, leaves) = Choose(ref formula, (0.05f, 0.14f, 160), (0.04f, 0.5f, 90), (0.15f, 0.4f, 45));
        var texture = Choose(ref formula, 0f, 1.2f);
        canvas.PaintBackground(random);
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            // Radii with density r^-3, the law under which the picture looks alike at every scale.
            var share = random.NextSingle(0, 1);
            var radius = canvas.Side / MathF.Sqrt(((1 - share) / (smallest * smallest)) + (share / (largest * largest)));
            var outline = FormulaShapes.Regular(shape, radius, random.NextSingle(0, MathF.Tau));
            canvas.Blend(canvas.Colours.Draw(random), 1, texture, random.NextSingle(0, canvas.Side), random.NextSingle(0, canvas.Side), radius, outline);
        }
    }
}
