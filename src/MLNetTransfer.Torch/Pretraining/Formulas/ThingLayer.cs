namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A picture of one thing on a transparent ground.</summary>
/// <param name="side">Pixels along each edge.</param>
internal sealed class ThingLayer(int side)
{
    private readonly float[][] _planes = [new float[side * side], new float[side * side], new float[side * side]];
    private readonly float[] _cover = new float[side * side];

    /// <summary>Paints one individual, turned, foreshortened and lit at random.</summary>
    /// <param name="plan">What it is.</param>
    /// <param name="random">What differs between individuals and between their pictures.</param>
    /// <param name="colours">What it is painted in.</param>
    public void Paint(BodyPlan plan, RandomStream random, FormulaTheme colours)
    {
        var parts = plan.Pose(random);
        var pose = ThingPose.Draw(random, side);
        Span<FormulaColour> colour = stackalloc FormulaColour[6];
        for (var role = 0; role < 3; role++)
        {
            colour[2 * role] = colours.DrawNear(role, random);
            colour[(2 * role) + 1] = colours.DrawNear((role + 1) % 3, random);
        }

        var light = ThingLight.Draw(random);
        var seed = (uint)random.NextUInt64();
        foreach (var part in parts)
        {
            if (pose.Place(part) is { } placed)
                PaintPart(placed, part, plan, light, colour[2 * part.Role], colour[(2 * part.Role) + 1], ++seed);
        }
    }

    /// <summary>Lays the thing over an image, half the time with its shadow.</summary>
    public void CopyOver(FormulaCanvas canvas, RandomStream random)
    {
        var shadow = random.NextInt32(2) == 0 ? 0 : random.NextSingle(0.2f, 0.7f);
        int shiftX = random.NextInt32(7) - 3, shiftY = random.NextInt32(7) - 3;
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var i = (y * side) + x;
                var light = 1 - (shadow * 0.2f * CoverAround(x - shiftX, y - shiftY));
                for (var channel = 0; channel < 3; channel++)
                    canvas.Planes[channel][i] = (canvas.Planes[channel][i] * light * (1 - _cover[i])) + _planes[channel][i];
            }
        }
    }

    private void PaintPart(PlacedPart placed, ThingPart part, BodyPlan plan, ThingLight light, FormulaColour first, FormulaColour second, uint seed)
    {
        var skin = plan.Skins[part.Role];
        var (left, right, top, bottom) = placed.Box(side);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (u, v) = placed.At(x, y);
                if (part.Taper != 0)
                    v /= MathF.Max(0.1f, 1 + (part.Taper * u * 0.5f) + (part.Taper * 0.4f));
                float au = MathF.Abs(u), av = MathF.Abs(v);
                if (au > 1.6f || av > 1.6f)
                    continue;
                var square = part.Power == 2 ? (u * u) + (v * v) : MathF.Pow(MathF.Pow(au, part.Power) + MathF.Pow(av, part.Power), 2 / part.Power);
                var cover = placed.CoverAt(MathF.Sqrt(square), part.Opacity);
                if (cover <= 0)
                    continue;
                var paint = FormulaColour.Mix(first, second, skin.SecondColourAt(u, v, square, seed));
                var (shade, shine) = (1f, 0f);
                if (!plan.IsFlat)
                {
                    var (nx, ny) = placed.Normal(u, v);
                    (shade, shine) = light.On(nx, ny, MathF.Sqrt(MathF.Max(0, 1 - square)), plan.Gloss);
                }

                var i = (y * side) + x;
                var keep = 1 - cover;
                _planes[0][i] = (_planes[0][i] * keep) + (cover * Math.Clamp((paint.Red * shade) + shine, 0, 1));
                _planes[1][i] = (_planes[1][i] * keep) + (cover * Math.Clamp((paint.Green * shade) + shine, 0, 1));
                _planes[2][i] = (_planes[2][i] * keep) + (cover * Math.Clamp((paint.Blue * shade) + shine, 0, 1));
                _cover[i] = (_cover[i] * keep) + cover;
            }
        }
    }

    /// <summary>The cover of a pixel and its four neighbours, summed.</summary>
    private float CoverAround(int x, int y)
    {
        var i = (Math.Clamp(y, 1, side - 2) * side) + Math.Clamp(x, 1, side - 2);
        return _cover[i] + _cover[i - 1] + _cover[i + 1] + _cover[i - side] + _cover[i + side];
    }
}
