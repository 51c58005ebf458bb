using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Distractors;

/// <summary>A run of paint, slurry or bitumen: a raised, smooth strip that ends in a drop.</summary>
internal static class Runs
{
    public static void Paint(Canvas canvas, RandomStream random)
    {
        var width = random.Between(1.2f, 3.2f) * canvas.Scale;
        var length = random.Between(15, 75) * canvas.Scale;
        var x = random.Between(0.1f, 0.9f) * Canvas.Side;
        var y = random.Between(-0.1f, 0.6f) * Canvas.Side;
        var sway = new NoiseField(random);
        var stroke = new Stroke();
        for (float fallen = 0; fallen < length; fallen += 3)
        {
            var drop = 1 + 0.6f * Math.Max(0, 1 - (length - fallen) / (2.5f * width));
            stroke.Add(x + 0.5f * width * sway.At(fallen / 40f, 2.5f), y + fallen, width * drop * (0.75f + 0.25f * Math.Min(1, fallen / length)));
        }
        var plane = new float[Canvas.Side * Canvas.Side];
        stroke.Draw(plane, Math.Max(1.5f, 0.9f * width));
        var tone = random.Chance(0.4f) ? -random.Between(0.1f, 0.5f) : random.Between(-0.05f, 0.15f);
        var height = random.Between(0.15f, 0.45f) * width;
        for (var i = 0; i < plane.Length; i++)
            if (plane[i] > 0)
            {
                canvas.Height[i] += height * plane[i];
                canvas.Multiply(i, 1 + tone * Math.Min(1, 1.6f * plane[i]));
            }
    }
}
