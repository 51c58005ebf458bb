using MLNetTransfer.Diagnosis;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class ImageTraitsTests
{
    // What PIL says of the samples it made.
    [Theory]
    [InlineData("cmyk.jpg", "JPEG", 4, 8, 8, 8)]
    [InlineData("grey.jpg", "JPEG", 1, 8, 8, 8)]
    [InlineData("animated.gif", "GIF", 3, 8, 4, 4)]
    [InlineData("sixteen-bit.png", "PNG", 1, 16, 4, 4)]
    [InlineData("transparent.png", "PNG", 4, 8, 4, 4)]
    [InlineData("grey-invisible.png", "PNG", 2, 8, 4, 4)]
    [InlineData("palette.png", "PNG", 3, 8, 4, 4)]
    [InlineData("lossless.webp", "WebP", 3, 8, 8, 8)]
    [InlineData("plain.bmp", "BMP", 3, 8, 2, 2)]
    public void Read_ASample_SaysWhatIsStored(string file, string kind, int channels, int depth, int width, int height)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File(file), EncodedSamples.Bytes(file));

        var traits = ImageTraits.Read(folder.File(file));

        Assert.Equal((kind, channels, depth, width, height), (traits.Kind, traits.Channels, traits.BitDepth, traits.Width, traits.Height));
    }

    [Fact]
    public void Read_AnExifOrientation_GivesTheUprightSize()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("turned.jpg"), Pictures.WithOrientation(Pictures.Encode(Pictures.Pattern(60, 40), SKEncodedImageFormat.Jpeg), 6));

        var traits = ImageTraits.Read(folder.File("turned.jpg"));

        Assert.Equal((40, 60, "JPEG", 3), (traits.Width, traits.Height, traits.Kind, traits.Channels));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Read_GreyStoredAsColours_IsGrey(SKEncodedImageFormat format)
    {
        using TemporaryFolder folder = new();
        var pixels = Pictures.Pattern(90, 70);
        File.WriteAllBytes(folder.File("colour"), Pictures.Encode(pixels, format, 80));
        for (var y = 0; y < 70; y++)
            for (var x = 0; x < 90; x++)
                pixels[y, x, 1] = pixels[y, x, 2] = pixels[y, x, 0];
        File.WriteAllBytes(folder.File("grey"), Pictures.Encode(pixels, format, 80));

        Assert.True(ImageTraits.Read(folder.File("grey")).IsGrey);
        Assert.False(ImageTraits.Read(folder.File("colour")).IsGrey);
    }

    [Fact]
    public void Read_NoImage_ThrowsWithTheReason()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("notes.jpg"), "no picture");

        Assert.Throws<ImageException>(() => ImageTraits.Read(folder.File("notes.jpg")));
    }
}
