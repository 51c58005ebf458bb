using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>Stains: damp or oily patches with uneven outlines, rust, and the rims that water leaves when it dries.</summary>
internal static class Stains
{
    public static void PaintPatch(Canvas canvas, RandomStream random)
    {
        var shape = Shape(canvas, random, out var level);
        var soft = random.Between(0.08f, 0.8f);
        var dark = random.Between(0.1f, 0.5f);
        var rust = random.Chance(0.25f) ? random.Between(0.2f, 0.7f) : 0;
        var cloud = new NoiseField(random).Plane(Canvas.Side, 7 * canvas.Scale, 3, 0.6f);
        for (var i = 0; i < shape.Length; i++)
        {
            var share = Math.Clamp((shape[i] - level) / soft, 0f, 1f);
            if (share <= 0)
                continue;
            var loss = dark * share * Math.Clamp(0.8f + 0.25f * cloud[i], 0.2f, 1.3f);
            canvas.Multiply(i, 1 - loss * (1 - 0.8f * rust), 1 - loss, 1 - Math.Min(loss * (1 + 0.6f * rust), 0.9f));
        }
    }

    public static void PaintRim(Canvas canvas, RandomStream random)
    {
        var shape = Shape(canvas, random, out var level);
        var width = random.Between(0.05f, 0.22f);
        var tone = random.Chance(0.35f) ? random.Between(0.1f, 0.35f) : -random.Between(0.12f, 0.4f);
        var strength = new NoiseField(random).Plane(Canvas.Side, 20 * canvas.Scale, 2);
        for (var i = 0; i < shape.Length; i++)
        {
            // Sharp on the outside, fading inwards, as the last drop leaves it.
            var inside = (shape[i] - level) / width;
            var share = inside < 0 ? 1 + 3 * inside : 1 - 0.6f * inside;
            if (share > 0)
                canvas.Multiply(i, 1 + tone * share * Math.Clamp(0.7f + 0.5f * strength[i], 0f, 1.2f));
        }
    }

    /// <summary>A landscape whose parts above the level are the stain; sometimes drawn out downwards, as what runs down a wall.</summary>
    private static float[] Shape(Canvas canvas, RandomStream random, out float level)
    {
        var size = random.Between(14, 50) * canvas.Scale;
        var stretch = random.Chance(0.3f) ? random.Between(2, 5) : random.Between(1, 1.5f);
        level = random.Between(0.5f, 1.5f);
        return new NoiseField(random).Plane(Canvas.Side, size, random.Whole(2, 4), 0.45f, 0.25f + random.Around(0.03f), stretch);
    }
}
