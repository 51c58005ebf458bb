namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Tensors of test data.</summary>
internal static class Tensors
{
    /// <summary>One or more maps [H, W, C] as [C, H, W].</summary>
    public static float[] ToChannelsFirst(float[] values, int height, int width, int channels)
    {
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, pixel) = (i % channels, i / channels);
            var (image, place) = (pixel / (height * width), pixel % (height * width));
            result[(((image * channels) + channel) * height * width) + place] = values[i];
        }
        return result;
    }

    /// <summary>Asserts that no value is off by more than a share of the largest magnitude, and that there is something to compare.</summary>
    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 0 && float.IsFinite(scale));
        var worst = expected.Zip(actual, (e, a) => Math.Abs(e - a) / scale).Max();
        Assert.True(worst <= tolerance, $"Largest difference {worst} of the largest magnitude {scale}.");
    }
}
