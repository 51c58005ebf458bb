using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Images;

public sealed class AntialiasedResizeTests
{
    [Theory]
    [InlineData(40, 30, 7)]
    [InlineData(31, 53, 16)]
    [InlineData(5, 7, 12)]
    [InlineData(9, 9, 9)]
    [InlineData(1, 20, 3)]
    [InlineData(100, 3, 1)]
    public void Resize_Squash_IsTheTriangleFilter(int width, int height, int side)
    {
        var pixels = Pictures.Noise(width, height, seed: 1);
        var expected = Pictures.Resize(pixels, side, side);
        var actual = Resize(pixels, new ResizePlan(side, side, 0, 0, side));
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                for (var c = 0; c < 3; c++)
                    Assert.Equal(expected[y, x, c], actual[(((y * side) + x) * 4) + c], 0.001);
    }

    [Fact]
    public void Resize_Window_IsThatPartOfTheWhole()
    {
        var pixels = Pictures.Noise(50, 40, seed: 2);
        var expected = Pictures.Resize(pixels, 25, 20);
        var actual = Resize(pixels, new ResizePlan(25, 20, Left: 9, Top: 4, Side: 12));
        for (var y = 0; y < 12; y++)
            for (var x = 0; x < 12; x++)
                Assert.Equal(expected[y + 4, x + 9, 1], actual[(((y * 12) + x) * 4) + 1], 0.001);
    }

    /// <summary>PIL 9.4, mode F (no rounding between the passes), Image.resize((4, 4), BILINEAR) of a 13 x 9 picture.</summary>
    [Fact]
    public void Resize_Shrinking_EqualsPil()
    {
        var pixels = new byte[9, 13, 3];
        for (var y = 0; y < 9; y++)
            for (var x = 0; x < 13; x++)
                (pixels[y, x, 0], pixels[y, x, 1], pixels[y, x, 2]) = ((byte)((37 * x) + (11 * y)), (byte)((x * x) + (3 * y)), (byte)((5 * x) + (7 * y * y)));
        double[] red = [62.3943, 156.4119, 89.4357, 143.8343, 84.6702, 169.0247, 102.0485, 166.1102, 109.8898, 160.5717, 97.1635, 187.0839, 132.1657, 135.3643, 107.3976, 167.1844];
        double[] blue = [15.8, 30.5643, 46.6357, 61.4, 70.2, 84.9643, 101.0357, 115.8, 126.7437, 125.9399, 142.0113, 156.7756, 126.6053, 129.7643, 145.8357, 160.6];
        var actual = Resize(pixels, new ResizePlan(4, 4, 0, 0, 4));
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(red[i], actual[4 * i], 0.001);
            Assert.Equal(blue[i], actual[(4 * i) + 2], 0.001);
        }
    }

    /// <summary>PIL 9.4 as above, the first and last row of a 5 x 7 picture's red channel enlarged to 8 x 8.</summary>
    [Fact]
    public void Resize_Enlarging_EqualsPil()
    {
        var pixels = new byte[7, 5, 3];
        for (var y = 0; y < 7; y++)
            for (var x = 0; x < 5; x++)
                pixels[y, x, 0] = (byte)((37 * x) + (11 * y));
        double[] first = [0, 16.1875, 39.3125, 62.4375, 85.5625, 108.6875, 131.8125, 148];
        double[] last = [66, 82.1875, 105.3125, 128.4375, 151.5625, 174.6875, 197.8125, 214];
        var actual = Resize(pixels, new ResizePlan(8, 8, 0, 0, 8));
        for (var x = 0; x < 8; x++)
        {
            Assert.Equal(first[x], actual[4 * x], 0.001);
            Assert.Equal(last[x], actual[4 * (56 + x)], 0.001);
        }
    }

    private static float[] Resize(byte[,,] pixels, ResizePlan plan)
    {
        var (height, width) = (pixels.GetLength(0), pixels.GetLength(1));
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                    rgba[(((y * width) + x) * 4) + c] = pixels[y, x, c];
        // A buffer that was used before: every value must be written.
        var square = Enumerable.Repeat(float.NaN, plan.Side * plan.Side * 4).ToArray();
        AntialiasedResize.Resize(rgba, width, height, plan, square);
        return square;
    }
}
