namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A square RGB image under construction, channels from 0 to 1, with the few brushes that the families share.</summary>
internal sealed class FormulaCanvas(int side, FormulaTheme colours)
{
    private readonly float[] _field = new float[side * side];
    private readonly float[] _scratch = new float[side * side];

    /// <summary>Pixels along each edge.</summary>
    public int Side { get; } = side;

    /// <summary>The colours everything is painted in.</summary>
    public FormulaTheme Colours { get; } = colours;

    /// <summary>Red, green and blue planes, each <see cref="Side"/> x <see cref="Side"/> row-major.</summary>
    public float[][] Planes { get; } = [new float[side * side], new float[side * side], new float[side * side]];

    /// <summary>Paints a scalar field: its values are stretched to 0..1, coloured by a random palette and sometimes lit as a relief.</summary>
    public void PaintField(RandomStream random, FormulaView view, Func<float, float, float> field)
    {
        float low = float.MaxValue, high = float.MinValue;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (u, v) = view.At(x, y);
                var value = field(u, v);
                _field[(y * Side) + x] = value;
                low = MathF.Min(low, value);
                high = MathF.Max(high, value);
            }
        }

        var scale = high > low ? 1 / (high - low) : 0;
        for (var i = 0; i < _field.Length; i++)
            _field[i] = (_field[i] - low) * scale;
        ColourField(random, contrast: 1);
    }

    /// <summary>Paints what objects stand on: a flat colour, a gradient of light, or a faint to strong texture.</summary>
    public void PaintBackground(RandomStream random)
    {
        var view = new FormulaView(random, Side);
        var seed = (uint)random.NextUInt64();
        var kind = random.NextInt32(4);
        var frequency = random.NextSingle(1, 12);
        var gain = random.NextSingle(0.4f, 0.9f);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (u, v) = view.At(x, y);
                _field[(y * Side) + x] = kind switch
                {
                    0 => 0.5f,
                    1 => Math.Clamp(0.5f + (0.4f * u), 0, 1),
                    _ => Math.Clamp(0.5f + (0.7f * FormulaNoise.Fractal(u * frequency, v * frequency, seed, 3, gain)), 0, 1),
                };
            }
        }

        ColourField(random, contrast: random.NextSingle(0.15f, 0.8f));
    }

    /// <summary>Blends a shape over the image: full inside (negative distance), soft over one pixel at its edge.</summary>
    /// <param name="colour">The colour of the shape.</param>
    /// <param name="opacity">From 0 to 1.</param>
    /// <param name="texture">How much the last background's field darkens and lightens the shape, from 0.</param>
    /// <param name="centreX">The middle of the box that holds the shape, in pixels.</param>
    /// <param name="centreY">The middle of the box that holds the shape, in pixels.</param>
    /// <param name="reach">Half the edge of that box, in pixels.</param>
    /// <param name="distance">Signed distance in pixels to the edge of the shape, for an offset from the centre.</param>
    public void Blend(FormulaColour colour, float opacity, float texture, float centreX, float centreY, float reach, Func<float, float, float> distance)
    {
        int left = Math.Max(0, (int)(centreX - reach - 1)), right = Math.Min(Side - 1, (int)(centreX + reach + 1));
        int top = Math.Max(0, (int)(centreY - reach - 1)), bottom = Math.Min(Side - 1, (int)(centreY + reach + 1));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var cover = Math.Clamp(0.5f - distance(x - centreX, y - centreY), 0, 1) * opacity;
                if (cover <= 0)
                    continue;
                var i = (y * Side) + x;
                var light = 1 + (texture * (_field[i] - 0.5f));
                Planes[0][i] += (Math.Clamp(colour.Red * light, 0, 1) - Planes[0][i]) * cover;
                Planes[1][i] += (Math.Clamp(colour.Green * light, 0, 1) - Planes[1][i]) * cover;
                Planes[2][i] += (Math.Clamp(colour.Blue * light, 0, 1) - Planes[2][i]) * cover;
            }
        }
    }

    /// <summary>Blurs the image and draws its values towards their mean, as a lens does with what is out of focus.</summary>
    /// <param name="passes">How often each pixel is averaged with its neighbours, from 0.</param>
    /// <param name="contrast">The share of the contrast that is left, from 0 to 1.</param>
    public void Defocus(int passes, float contrast)
    {
        foreach (var plane in Planes)
        {
            for (var pass = 0; pass < passes; pass++)
                Blur(plane);
            var mean = plane.Average();
            for (var i = 0; i < plane.Length; i++)
                plane[i] = mean + ((plane[i] - mean) * contrast);
        }
    }

    /// <summary>What a camera adds: contrast, brightness, blur, noise, sometimes the loss of colour.</summary>
    /// <returns>Whether the image is in colour.</returns>
    public bool Photograph(RandomStream random)
    {
        var contrast = random.NextSingle(0.6f, 1.15f);
        var brightness = random.NextSingle(-0.15f, 0.15f);
        var grey = random.NextInt32(8) == 0;
        var blurs = random.NextInt32(3) == 0 ? 1 + random.NextInt32(2) : 0;
        var noise = random.NextInt32(2) == 0 ? random.NextSingle(0, 0.08f) : 0;
        for (var i = 0; i < Side * Side; i++)
        {
            if (grey)
                Planes[0][i] = Planes[1][i] = Planes[2][i] = (0.299f * Planes[0][i]) + (0.587f * Planes[1][i]) + (0.114f * Planes[2][i]);
            var grain = noise * Grain(random);
            foreach (var plane in Planes)
                plane[i] = ((plane[i] - 0.5f) * contrast) + 0.5f + brightness + grain;
        }

        for (var pass = 0; pass < blurs; pass++)
        {
            foreach (var plane in Planes)
                Blur(plane);
        }

        foreach (var plane in Planes)
        {
            for (var i = 0; i < plane.Length; i++)
                plane[i] = Math.Clamp(plane[i], 0, 1);
        }

        return !grey;
    }

    /// <summary>Four random bytes summed: near enough to normal, unit variance, one draw.</summary>
    private static float Grain(RandomStream random)
    {
        var bits = random.NextUInt64();
        return ((bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + ((bits >> 24) & 255) - 510f) / 147.8f;
    }

    private void ColourField(RandomStream random, float contrast)
    {
        Span<FormulaColour> stops = stackalloc FormulaColour[2 + random.NextInt32(3)];
        stops[0] = Colours.Draw(random);
        for (var s = 1; s < stops.Length; s++)
            stops[s] = FormulaColour.Mix(stops[0], Colours.DrawDistinct(random, stops[s - 1]), contrast);
        var relief = random.NextInt32(3) == 0 ? random.NextSingle(1, 4) : 0;
        var (dx, dy) = MathF.SinCos(random.NextSingle(0, MathF.Tau));
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var i = (y * Side) + x;
                var position = _field[i] * (stops.Length - 1);
                var stop = Math.Min((int)position, stops.Length - 2);
                var colour = FormulaColour.Mix(stops[stop], stops[stop + 1], position - stop);
                var light = 1f;
                if (relief > 0 && x > 0 && y > 0)
                    light = Math.Clamp(1 + (relief * contrast * ((dx * (_field[i] - _field[i - 1])) + (dy * (_field[i] - _field[i - Side])))), 0.3f, 1.7f);
                Planes[0][i] = colour.Red * light;
                Planes[1][i] = colour.Green * light;
                Planes[2][i] = colour.Blue * light;
            }
        }
    }

    private void Blur(float[] plane)
    {
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var i = (y * Side) + x;
                _scratch[i] = (0.25f * plane[x > 0 ? i - 1 : i]) + (0.5f * plane[i]) + (0.25f * plane[x < Side - 1 ? i + 1 : i]);
            }
        }

        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var i = (y * Side) + x;
                plane[i] = (0.25f * _scratch[y > 0 ? i - Side : i]) + (0.5f * _scratch[i]) + (0.25f * _scratch[y < Side - 1 ? i + Side : i]);
            }
        }
    }
}
