namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Turns height and reflectance into the light that leaves the surface: Lambert shading and cast shadows.</summary>
internal static class Illuminator
{
    private const int ShadowReach = 12;

    /// <summary>Replaces the canvas's reflectance by radiance.</summary>
    public static void Light(Canvas canvas, Illumination light, RandomStream random)
    {
        var (towardsX, towardsY) = Turn.Direction(random.Unit());
        var (flat, up) = Turn.Direction(random.In(light.Elevation));
        var ambient = random.In(light.Ambient);
        var gradient = random.In(light.Gradient);
        var (fallX, fallY) = Turn.Direction(random.Unit());
        var rise = up / flat;
        var height = canvas.Height;
        for (int y = 0, i = 0; y < Canvas.Side; y++)
            for (var x = 0; x < Canvas.Side; x++, i++)
            {
                var slopeX = height[i + (x < Canvas.Side - 1 ? 1 : 0)] - height[i - (x > 0 ? 1 : 0)];
                var slopeY = height[i + (y < Canvas.Side - 1 ? Canvas.Side : 0)] - height[i - (y > 0 ? Canvas.Side : 0)];
                slopeX *= 0.5f;
                slopeY *= 0.5f;
                var facing = (up - flat * (slopeX * towardsX + slopeY * towardsY)) / MathF.Sqrt(1 + slopeX * slopeX + slopeY * slopeY);
                var direct = Math.Clamp(facing / up, 0f, 2.2f) * canvas.Light[i] * Reaches(height, x, y, towardsX, towardsY, rise);
                var across = ((x - Canvas.Side / 2) * fallX + (y - Canvas.Side / 2) * fallY) / Canvas.Side;
                var lit = Math.Max(0.1f, 1 + gradient * across) * (ambient + (1 - ambient) * direct);
                canvas.Multiply(i, lit * light.Colour.Red, lit * light.Colour.Green, lit * light.Colour.Blue);
            }
    }

    /// <summary>The share of the direct light that passes the heights between a point and the lamp.</summary>
    private static float Reaches(float[] height, int x, int y, float towardsX, float towardsY, float rise)
    {
        var start = height[y * Canvas.Side + x];
        var worst = 0f;
        for (var step = 1; step <= ShadowReach; step++)
        {
            var px = (int)(x + towardsX * step + 0.5f);
            var py = (int)(y + towardsY * step + 0.5f);
            if ((uint)px >= Canvas.Side || (uint)py >= Canvas.Side)
                break;
            worst = Math.Max(worst, height[py * Canvas.Side + px] - start - rise * step);
        }
        return Math.Clamp(1 - worst * 1.5f, 0f, 1f);
    }
}
