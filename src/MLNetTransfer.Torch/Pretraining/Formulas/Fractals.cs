namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Attractors of iterated function systems, each class a system of its own (Kataoka et al. 2020, FractalDB), on a background.</summary>
internal sealed class Fractals : FormulaFamily
{
    private const int Points = 2500;
    private const int ClassesOfFamily = 48;
    private readonly Map[][] _systems = FindSystems();

    public override string Name => "fractals";

    public override int Classes => ClassesOfFamily;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        canvas.PaintBackground(random);
        var system = Array.ConvertAll(_systems[formula], map => map.Scaled(random.NextSingle(0.94f, 1.04f)));
        var points = Iterate(system, random, Points);
        var (left, right, top, bottom) = Bounds(points);
        var angle = random.NextSingle(0, MathF.Tau);
        var (sin, cos) = MathF.SinCos(angle);
        var scale = canvas.Side * random.NextSingle(0.65f, 1.05f) / MathF.Max(right - left, bottom - top);
        float centreX = canvas.Side * random.NextSingle(0.4f, 0.6f), centreY = canvas.Side * random.NextSingle(0.4f, 0.6f);
        var colour = canvas.Colours.Draw(random);
        var opacity = random.NextSingle(0.5f, 0.95f);
        foreach (var (x, y) in points)
        {
            float dx = (x - ((left + right) / 2)) * scale, dy = (y - ((top + bottom) / 2)) * scale;
            float px = centreX + (dx * cos) - (dy * sin), py = centreY + (dx * sin) + (dy * cos);
            canvas.Blend(colour, opacity, 0, px, py, 1, (ox, oy) => MathF.Sqrt((ox * ox) + (oy * oy)) - 0.4f);
        }
    }

    private static Map[][] FindSystems()
    {
        var random = RandomStream.Derive(2020, "fractal systems");
        var systems = new List<Map[]>();
        while (systems.Count < ClassesOfFamily)
        {
            var system = new Map[2 + random.NextInt32(3)];
            for (var m = 0; m < system.Length; m++)
                system[m] = Map.Draw(random);
            if (FillsSome(Iterate(system, random, 1500)))
                systems.Add(system);
        }

        return [.. systems];
    }

    /// <summary>Neither a few dots nor a full square: FractalDB keeps systems by their filling rate.</summary>
    private static bool FillsSome((float X, float Y)[] points)
    {
        var (left, right, top, bottom) = Bounds(points);
        var extent = MathF.Max(right - left, bottom - top);
        if (!float.IsFinite(extent) || extent < 1e-3f)
            return false;
        var cells = points.Select(p => ((int)((p.X - left) / extent * 31.99f), (int)((p.Y - top) / extent * 31.99f))).Distinct().Count();
        return cells is > 120 and < 560;
    }

    private static (float Left, float Right, float Top, float Bottom) Bounds((float X, float Y)[] points) =>
        (points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));

    private static (float X, float Y)[] Iterate(Map[] system, RandomStream random, int count)
    {
        var total = system.Sum(map => map.Weight);
        var points = new (float, float)[count];
        float x = 0, y = 0;
        for (var i = -20; i < count; i++)
        {
            var pick = random.NextSingle(0, total);
            var m = 0;
            while (m < system.Length - 1 && (pick -= system[m].Weight) > 0)
                m++;
            (x, y) = system[m].Apply(x, y);
            if (i >= 0)
                points[i] = (x, y);
        }

        return points;
    }

    /// <summary>An affine map of the plane; maps are drawn as rotation, contraction, rotation so that all of them contract.</summary>
    private readonly record struct Map(float A, float B, float C, float D, float E, float F)
    {
        public float Weight => MathF.Abs((A * D) - (B * C)) + 0.02f;

        public static Map Draw(RandomStream random)
        {
            var (s1, c1) = MathF.SinCos(random.NextSingle(0, MathF.Tau));
            var (s2, c2) = MathF.SinCos(random.NextSingle(0, MathF.Tau));
            float large = random.NextSingle(0.35f, 0.92f), small = large * random.NextSingle(0.2f, 1) * ((random.NextInt32(2) * 2) - 1);
            return new Map(
                (c1 * large * c2) - (s1 * small * s2), -(c1 * large * s2) - (s1 * small * c2),
                (s1 * large * c2) + (c1 * small * s2), (c1 * small * c2) - (s1 * large * s2),
                random.NextSingle(-1, 1), random.NextSingle(-1, 1));
        }

        public (float X, float Y) Apply(float x, float y) => ((A * x) + (B * y) + E, (C * x) + (D * y) + F);

        public Map Scaled(float factor) => new(A * factor, B * factor, C * factor, D * factor, E, F);
    }
}
