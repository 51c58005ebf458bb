namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>A line of varying width on the canvas: cracks, scratches, joints, fibres and cables are all made of it.</summary>
internal sealed class Stroke
{
    private readonly List<(float X, float Y, float Width)> _points = [];

    /// <summary>Adds a point; a width of 0 or less breaks the line there.</summary>
    public void Add(float x, float y, float width) => _points.Add((x, y, width));

    /// <summary>Adds a smooth line: it starts at a point and its heading turns at a slowly varying rate.</summary>
    /// <param name="random">Draws the turning.</param>
    /// <param name="x">Start, in canvas pixels.</param>
    /// <param name="y">Start, in canvas pixels.</param>
    /// <param name="heading">Direction at the start, in turns.</param>
    /// <param name="length">Length in canvas pixels.</param>
    /// <param name="width">Width in canvas pixels.</param>
    /// <param name="bend">Turns that the heading changes over 100 canvas pixels, its deviation.</param>
    public void AddCurve(RandomStream random, float x, float y, float heading, float length, float width, float bend)
    {
        const float Step = 4;
        var sway = new NoiseField(random);
        for (float travelled = 0; travelled <= length; travelled += Step)
        {
            Add(x, y, width);
            heading += bend * sway.At(travelled / 90f, 0.5f) * Step / 100f;
            var (dx, dy) = Turn.Direction(heading);
            x += dx * Step;
            y += dy * Step;
        }
    }

    /// <summary>
    /// Draws the line into a plane: 1 on it, 0 off it, each pixel the greatest of all strokes there. A line thinner than a pixel
    /// covers that part of it.
    /// </summary>
    /// <param name="plane">Receives the coverage.</param>
    /// <param name="softness">Width of the transition at the edge, in canvas pixels, 1 or more.</param>
    /// <param name="widening">Factor on all widths.</param>
    /// <param name="ragged">Noise that displaces the edges, or nothing for clean ones.</param>
    /// <param name="raggedness">Displacement of the edges over the width.</param>
    public void Draw(float[] plane, float softness, float widening = 1f, float[]? ragged = null, float raggedness = 0)
    {
        for (var p = 1; p < _points.Count; p++)
        {
            var (x0, y0, w0) = _points[p - 1];
            var (x1, y1, w1) = _points[p];
            if (w0 <= 0 && w1 <= 0)
                continue;
            w0 = Math.Max(w0, 0) * widening;
            w1 = Math.Max(w1, 0) * widening;
            var reach = Math.Max(w0, w1) * (0.5f + 2 * raggedness) + softness;
            float dx = x1 - x0, dy = y1 - y0;
            var inverse = 1f / Math.Max(dx * dx + dy * dy, 1e-6f);
            var (top, bottom) = (Clamp(Math.Min(y0, y1) - reach), Clamp(Math.Max(y0, y1) + reach));
            var (left, right) = (Clamp(Math.Min(x0, x1) - reach), Clamp(Math.Max(x0, x1) + reach));
            for (var y = top; y <= bottom; y++)
                for (var x = left; x <= right; x++)
                {
                    var along = Math.Clamp(((x - x0) * dx + (y - y0) * dy) * inverse, 0f, 1f);
                    var ex = x - x0 - along * dx;
                    var ey = y - y0 - along * dy;
                    var width = w0 + (w1 - w0) * along;
                    var distance = MathF.Sqrt(ex * ex + ey * ey);
                    var pixel = y * Canvas.Side + x;
                    if (ragged is not null)
                        distance += ragged[pixel] * raggedness * width;
                    var covered = Math.Clamp((width * 0.5f - distance) / softness + 0.5f, 0f, 1f) * Math.Min(width, 1f);
                    if (covered > plane[pixel])
                        plane[pixel] = covered;
                }
        }
    }

    private static int Clamp(float value) => Math.Clamp((int)value, 0, Canvas.Side - 1);
}
