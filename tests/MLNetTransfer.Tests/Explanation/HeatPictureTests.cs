using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Tests.Explanation;

public sealed class HeatPictureTests
{
    [Fact]
    public void Overlay_OfACroppedNetwork_ColoursOnlyWhatItSaw()
    {
        // 400 x 100 is resized to 400 x 100 (side 100, ratio 1) and the middle 100 x 100 cut out: columns 150 to 249.
        var preprocessing = new Preprocessing { Side = 100, Resize = ResizeMode.CenterCrop, ResizeRatio = 1 };
        using var picture = new SKBitmap(400, 100);
        picture.Erase(SKColors.Gray);
        using var overlay = HeatPicture.Overlay(picture, new HeatMap(1, 2, [-1, 1]), preprocessing);
        Assert.True(IsGrey(overlay.GetPixel(148, 50)) && IsGrey(overlay.GetPixel(252, 50)));
        Assert.True(overlay.GetPixel(155, 50) is var left && left.Blue > left.Red + 100, $"{left}");
        Assert.True(overlay.GetPixel(245, 50) is var right && right.Red > right.Blue + 100, $"{right}");
        Assert.InRange(overlay.GetPixel(148, 50).Red, overlay.GetPixel(200, 50).Red + 1, 255);
    }

    [Fact]
    public void Overlay_OfAMapOfZeros_IsGrey()
    {
        using var picture = new SKBitmap(8, 8);
        picture.Erase(SKColors.Red);
        using var overlay = HeatPicture.Overlay(picture, new HeatMap(2, 2, new float[4]), Preprocessing.ImageNet(8));
        Assert.True(IsGrey(overlay.GetPixel(3, 3)));
    }

    [Theory]
    [InlineData(.25, .5, 1)]
    [InlineData(.75, .5, 3)]
    [InlineData(.5, .5, 2)]
    [InlineData(0, 0, 1)]
    [InlineData(1, 1, 3)]
    public void At_BetweenMiddles_IsLinear(double x, double y, float expected) =>
        Assert.Equal(expected, new HeatMap(1, 2, [1, 3]).At(x, y), 1e-6);

    private static bool IsGrey(SKColor colour) => colour.Red == colour.Green && colour.Green == colour.Blue;
}
