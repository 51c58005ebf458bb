namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Lines, arcs, random walks and branching walks of a given number and width, on a background.</summary>
internal sealed class Curves : FormulaFamily
{
    public override string Name => "curves";

    public override int Classes => 5 * 3 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var (bend, wander, branches) = Choose(ref formula, (0f, 0f, 0f), (0.12f, 0.01f, 0f), (0f, 0.45f, 0f), (0f, 0.4f, 0.12f), (0.5f, 0f, 0f));
        var count = Choose(ref formula, 1, 4, 14);
        var halfWidth = Choose(ref formula, 0.45f, 1.4f);
        canvas.PaintBackground(random);
        var colour = canvas.Colours.Draw(random);
        for (var i = 0; i < count; i++)
        {
            if (random.NextInt32(3) == 0)
                colour = canvas.Colours.Draw(random);
            var turn = bend * random.NextSingle(0.6f, 1.4f) * ((random.NextInt32(2) * 2) - 1);
            var start = new Pen(random.NextSingle(0, canvas.Side), random.NextSingle(0, canvas.Side), random.NextSingle(0, MathF.Tau), random.NextSingle(0.7f, 1.2f) * halfWidth);
            Walk(start, 10 + random.NextInt32(14), turn, wander, branches, colour, random, canvas);
        }
    }

    private static void Walk(Pen pen, int steps, float turn, float wander, float branches, FormulaColour colour, RandomStream random, FormulaCanvas canvas)
    {
        for (var step = 0; step < steps; step++)
        {
            var length = canvas.Side * random.NextSingle(0.04f, 0.07f);
            var (sin, cos) = MathF.SinCos(pen.Heading);
            var reach = length + pen.HalfWidth;
            canvas.Blend(colour, 0.95f, 0, pen.X, pen.Y, reach, FormulaShapes.Segment(0, 0, length * cos, length * sin, pen.HalfWidth));
            if (random.NextSingle(0, 1) < branches)
            {
                var side = pen with { Heading = pen.Heading + (((random.NextInt32(2) * 2) - 1) * random.NextSingle(0.5f, 1.2f)), HalfWidth = pen.HalfWidth * 0.75f };
                Walk(side, steps - step - 1, turn, wander, branches * 0.6f, colour, random, canvas);
            }

            pen = pen with { X = pen.X + (length * cos), Y = pen.Y + (length * sin), Heading = pen.Heading + turn + (wander * (float)random.NextNormal()) };
        }
    }

    private readonly record struct Pen(float X, float Y, float Heading, float HalfWidth);
}
