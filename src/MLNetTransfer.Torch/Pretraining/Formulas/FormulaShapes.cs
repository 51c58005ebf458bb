namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Signed distances, in pixels, to the edges of simple shapes around the origin: negative inside.</summary>
internal static class FormulaShapes
{
    /// <summary>A disc (0), a thin ellipse (1), a capsule (2) or a regular polygon (3 sides and more) of a circumscribed radius.</summary>
    public static Func<float, float, float> Regular(int sides, float radius, float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        if (sides == 0)
            return (x, y) => MathF.Sqrt((x * x) + (y * y)) - radius;
        if (sides == 1)
        {
            return (x, y) =>
            {
                float along = (x * cos) + (y * sin), across = 3 * ((y * cos) - (x * sin));
                return (MathF.Sqrt((along * along) + (across * across)) - radius) / 2;
            };
        }

        if (sides == 2)
            return Segment(-0.75f * radius * cos, -0.75f * radius * sin, 0.75f * radius * cos, 0.75f * radius * sin, radius / 4);

        var sector = MathF.Tau / sides;
        var inner = radius * MathF.Cos(sector / 2);
        return (x, y) =>
        {
            var turn = MathF.Atan2(y, x) - angle;
            turn -= sector * MathF.Floor((turn / sector) + 0.5f);
            return (MathF.Sqrt((x * x) + (y * y)) * MathF.Cos(turn)) - inner;
        };
    }

    /// <summary>A star with a given number of points.</summary>
    public static Func<float, float, float> Star(int points, float radius, float angle) => (x, y) =>
    {
        var sector = MathF.Tau / points;
        var turn = MathF.Atan2(y, x) - angle;
        turn = MathF.Abs(turn - (sector * MathF.Floor((turn / sector) + 0.5f))) / (sector / 2);
        return (MathF.Sqrt((x * x) + (y * y)) - (radius * (1 - (0.6f * turn)))) * 0.6f;
    };

    /// <summary>A thick line between two points, its ends round.</summary>
    public static Func<float, float, float> Segment(float fromX, float fromY, float toX, float toY, float halfWidth)
    {
        float dx = toX - fromX, dy = toY - fromY;
        var length = MathF.Max((dx * dx) + (dy * dy), 1e-6f);
        return (x, y) =>
        {
            var share = Math.Clamp((((x - fromX) * dx) + ((y - fromY) * dy)) / length, 0, 1);
            float ox = x - fromX - (share * dx), oy = y - fromY - (share * dy);
            return MathF.Sqrt((ox * ox) + (oy * oy)) - halfWidth;
        };
    }
}
