namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>
/// Things before a background: each class is a body plan, and every image of it draws the pose, the joints, the light, the colours, and what
/// lies behind, out of focus and in other colours. Formulas fill the image and teach textures; this teaches to find a thing and tell what it is.
/// </summary>
/// <param name="backgrounds">What else may lie behind a thing than a plain background.</param>
internal sealed class Things(IReadOnlyList<FormulaFamily> backgrounds) : FormulaFamily
{
    private static readonly BodyPlan[] Plans = [.. Enumerable.Range(0, 512).Select(n => new BodyPlan(RandomStream.Derive(2021, $"thing {n}")))];

    public override string Name => "things";

    public override int Classes => Plans.Length;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        DrawBehind(random, canvas);
        var layer = new ThingLayer(canvas.Side);
        layer.Paint(Plans[formula], random, canvas.Colours);
        layer.CopyOver(canvas, random);
    }

    private void DrawBehind(RandomStream random, FormulaCanvas canvas)
    {
        FormulaTheme theme;
        do
            theme = FormulaTheme.All[random.NextInt32(FormulaTheme.All.Count)];
        while (theme == canvas.Colours);
        var behind = new FormulaCanvas(canvas.Side, theme);
        if (random.NextInt32(2) == 0)
        {
            behind.PaintBackground(random);
        }
        else
        {
            var family = backgrounds[random.NextInt32(backgrounds.Count)];
            family.Draw(random.NextInt32(family.Classes), random, behind);
        }

        behind.Defocus(random.NextInt32(5), random.NextSingle(0.3f, 1));
        for (var channel = 0; channel < 3; channel++)
            behind.Planes[channel].CopyTo(canvas.Planes[channel], 0);
    }
}
