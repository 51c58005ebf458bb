namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Lays the bare material: reflectance and relief, before anything happened to it.</summary>
internal static class MaterialPainter
{
    public static void Paint(Canvas canvas, Material material, RandomStream random)
    {
        PaintColour(canvas, material, random.Derive("colour"));
        PaintRelief(canvas, material, random.Derive("relief"));
        if (material.StoneSize > 0)
        {
            PaintStones(canvas, material, 1f, random.Derive("stones"));
            PaintStones(canvas, material, 0.42f, random.Derive("fine stones"));
        }
    }

    private static void PaintColour(Canvas canvas, Material material, RandomStream random)
    {
        var red = material.Colour.Red * (1 + random.Around(material.ColourSpread));
        var green = material.Colour.Green;
        var blue = material.Colour.Blue * (1 + random.Around(material.ColourSpread));
        var size = random.In(material.MottleSize) * canvas.Scale;
        var patches = new NoiseField(random).Plane(Canvas.Side, size, 4, 0.6f);
        var tints = new NoiseField(random).Plane(Canvas.Side, size * 1.5f, 2);
        var mottle = random.In(material.Mottle);
        var grain = random.In(material.Grain);
        var speckle = new NoiseField(random).Plane(Canvas.Side, 0.8f * canvas.Scale, 2, 0.7f);
        for (var i = 0; i < patches.Length; i++)
        {
            var value = Math.Max(0.2f, 1 + mottle * patches[i] + grain * (0.7f * speckle[i] + 0.7f * random.Normal()));
            var tint = 0.12f * mottle * tints[i];
            canvas.Red[i] = red * value * (1 + tint);
            canvas.Green[i] = green * value;
            canvas.Blue[i] = blue * value * (1 - tint);
        }
    }

    private static void PaintRelief(Canvas canvas, Material material, RandomStream random)
    {
        var amplitude = random.In(material.Relief) * canvas.Scale;
        var relief = new NoiseField(random).Plane(Canvas.Side, random.In(material.ReliefSize) * canvas.Scale, 5, random.In(material.Roughness),
            random.Unit(), random.In(material.Stretch));
        // Where a surface was worked more or less, its relief is stronger or weaker.
        var worked = new NoiseField(random).Plane(Canvas.Side, 45f * canvas.Scale, 2);
        for (var i = 0; i < relief.Length; i++)
            canvas.Height[i] += amplitude * relief[i] * Math.Clamp(1 + 0.35f * worked[i], 0.3f, 1.8f);
    }

    private static void PaintStones(Canvas canvas, Material material, float share, RandomStream random)
    {
        var size = material.StoneSize * share * canvas.Scale;
        var contrast = random.In(material.StoneContrast);
        var height = random.In(material.StoneHeight) * share * canvas.Scale;
        var exposed = random.Between(0.45f, 0.8f);
        var cells = new CellField(random);
        var bend = new NoiseField(random);
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                var shift = 0.16f * bend.At(x * 2.1f / size, y * 2.1f / size);
                var (nearest, second, mark) = cells.At(x / size + shift, y / size - shift);
                if (mark > exposed)
                    continue;
                var kind = mark / exposed;
                var inside = Math.Clamp((second - nearest) * 3f, 0f, 1f);
                canvas.Height[i] += height * (0.5f + 0.5f * kind) * inside * (1.3f - nearest);
                canvas.Multiply(i, 1 + contrast * inside * (2.6f * kind * kind - 0.7f));
            }
    }
}
