namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>
/// Cracks a surface: lines that meander at all scales, branch, change width, close for a stretch and taper out, or a closed network.
/// </summary>
internal static class CrackPainter
{
    private const float Step = 1.6f;

    public static void Paint(Canvas canvas, CrackStyle style, RandomStream random)
    {
        var ease = random.Unit();
        var width = (style.Width.Low + (style.Width.High - style.Width.Low) * ease * ease) * canvas.Scale;
        var ragged = new NoiseField(random).Plane(Canvas.Side, 2.2f * canvas.Scale, 2, 0.6f);
        var floor = new float[Canvas.Side * Canvas.Side];
        var shoulder = new float[floor.Length];
        if (random.Chance(style.Networks))
        {
            PaintNetwork(canvas, style, width, floor, shoulder, random.Derive("network"));
        }
        else
        {
            var crack = new Stroke();
            var heading = random.Unit();
            var count = random.Chance(0.25f) ? 2 : 1;
            for (var i = 0; i < count; i++)
            {
                var x = random.Between(0.25f, 0.75f) * Canvas.Side;
                var y = random.Between(0.25f, 0.75f) * Canvas.Side;
                var length = random.Between(0.45f, 0.9f) * Canvas.Side;
                var meander = random.In(style.Meander);
                Grow(crack, style, random, x, y, heading, length, width, meander, 0);
                Grow(crack, style, random, x, y, heading + 0.5f + random.Around(0.05f), length * random.Between(0.7f, 1.1f), width, meander, 0);
                heading += random.Between(0.1f, 0.4f);
                width *= random.Between(0.6f, 1f);
            }
            crack.Draw(floor, 1.3f, 1f, ragged, style.Raggedness);
            crack.Draw(shoulder, 2.2f * canvas.Scale, 2.2f, ragged, style.Raggedness);
        }
        Apply(canvas, floor, shoulder, width, random.In(style.Darkness), random.Chance(style.Pale), random.Derive("fill"));
    }

    private static void Grow(
        Stroke crack, CrackStyle style, RandomStream random, float x, float y, float heading, float length, float width, float meander, int depth)
    {
        var wander = new NoiseField(random);
        var kinks = 0f;
        var closing = random.Between(1.5f, 2.6f);
        for (float travelled = 0; travelled < length; travelled += Step)
        {
            var taper = Math.Min(1f, (length - travelled) / (0.25f * length));
            var opening = 0.85f + 0.3f * wander.At(travelled / 34f, 7.5f) + 0.22f * wander.At(travelled / 7f, 91.5f);
            var closed = wander.At(travelled / 26f, 43.5f) > closing;
            crack.Add(x, y, closed ? 0 : width * taper * Math.Max(0.25f, opening));
            if (random.Chance(0.03f))
                kinks += random.Around(0.16f);
            kinks *= 0.96f;
            var bend = 0.55f * wander.At(travelled / 70f, 3.5f) + 0.6f * wander.At(travelled / 22f, 11.5f) + 0.5f * wander.At(travelled / 7f, 23.5f);
            var (dx, dy) = Turn.Direction(heading + meander * bend + kinks);
            x += dx * Step;
            y += dy * Step;
            if (depth < 2 && random.Chance(style.Branches * Step / Canvas.Side))
            {
                var side = random.Chance(0.5f) ? 1 : -1;
                Grow(crack, style, random, x, y, heading + side * random.Between(0.08f, 0.2f), random.Between(0.25f, 0.7f) * (length - travelled) + 12,
                    width * taper * random.Between(0.5f, 0.85f), meander * 1.1f, depth + 1);
            }
        }
        crack.Add(x, y, 0);
    }

    private static void PaintNetwork(Canvas canvas, CrackStyle style, float width, float[] floor, float[] shoulder, RandomStream random)
    {
        var mesh = random.In(style.Mesh) * canvas.Scale;
        var cells = new CellField(random);
        var warp = new NoiseField(random);
        var gaps = new NoiseField(random).Plane(Canvas.Side, 14f * canvas.Scale, 2);
        var extent = new NoiseField(random).Plane(Canvas.Side, 60f * canvas.Scale, 2);
        var reach = random.Between(0.4f, 1.6f);
        width *= 0.75f;
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                var opening = Math.Min(1f, (reach + extent[i]) * 2f) * Math.Clamp(0.9f + 0.5f * gaps[i], 0f, 1.3f);
                if (opening <= 0)
                    continue;
                var shiftX = mesh * 0.1f * warp.Fractal(x / (0.55f * mesh), y / (0.55f * mesh), 3, 0.6f);
                var shiftY = mesh * 0.1f * warp.Fractal(x / (0.55f * mesh) + 50, y / (0.55f * mesh), 3, 0.6f);
                var (nearest, second, _) = cells.At((x + shiftX) / mesh, (y + shiftY) / mesh);
                var distance = (second - nearest) * 0.6f * mesh;
                var opened = width * opening;
                floor[i] = Math.Clamp((opened * 0.5f - distance) / 1.3f + 0.5f, 0f, 1f) * Math.Min(opened, 1f);
                shoulder[i] = Math.Clamp((opened * 1.1f - distance) / (2.2f * canvas.Scale) + 0.5f, 0f, 1f) * Math.Min(opened, 1f);
            }
    }

    private static void Apply(Canvas canvas, float[] floor, float[] shoulder, float width, float darkness, bool pale, RandomStream random)
    {
        var depth = Math.Min(0.5f * width, 1.2f * canvas.Scale);
        var lip = random.Between(-0.05f, 0.16f) * canvas.Scale;
        var dirt = random.Between(0f, 0.12f);
        var fill = new NoiseField(random).Plane(Canvas.Side, 9f * canvas.Scale, 2);
        for (var i = 0; i < floor.Length; i++)
        {
            if (shoulder[i] <= 0)
                continue;
            canvas.Height[i] += lip * shoulder[i] - depth * floor[i];
            canvas.Multiply(i, 1 - dirt * shoulder[i]);
            var dark = Math.Clamp(darkness + 0.1f * fill[i], 0f, 0.96f) * floor[i];
            if (pale)
                canvas.Cover(i, Tint.Grey(0.72f), 0.55f * dark);
            else
                canvas.Multiply(i, 1 - dark, 1 - dark, 1 - 0.98f * dark);
        }
    }
}
