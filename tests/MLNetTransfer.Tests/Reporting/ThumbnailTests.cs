using MLNetTransfer.Reporting;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Reporting;

public sealed class ThumbnailTests
{
    // Where the red quarter (top left in the file) belongs on the upright picture, by the EXIF standard's table of orientations.
    [Theory]
    [InlineData(1, 160, 80, 0, 0)]
    [InlineData(2, 160, 80, 1, 0)]
    [InlineData(3, 160, 80, 1, 1)]
    [InlineData(4, 160, 80, 0, 1)]
    [InlineData(5, 80, 160, 0, 0)]
    [InlineData(6, 80, 160, 1, 0)]
    [InlineData(7, 80, 160, 1, 1)]
    [InlineData(8, 80, 160, 0, 1)]
    public void TryCreate_Orientation_StandsUpright(byte orientation, int width, int height, int right, int bottom)
    {
        using TemporaryFolder folder = new();
        var path = folder.File("image.jpg");
        File.WriteAllBytes(path, Oriented(Picture(1000, 500), orientation));

        Assert.True(Thumbnail.TryCreate(path, out var jpeg));

        using var thumbnail = SKBitmap.Decode(jpeg);
        Assert.Equal((width, height), (thumbnail.Width, thumbnail.Height));
        for (var x = 0; x < 2; x++)
            for (var y = 0; y < 2; y++)
                Assert.Equal((x, y) == (right, bottom), thumbnail.GetPixel(width / 4 + x * width / 2, height / 4 + y * height / 2).Green < 128);
    }

    [Fact]
    public void TryCreate_SmallImage_IsNotEnlarged()
    {
        using TemporaryFolder folder = new();
        var path = folder.File("small.jpg");
        File.WriteAllBytes(path, Picture(40, 30));

        Assert.True(Thumbnail.TryCreate(path, out var jpeg));

        using var thumbnail = SKBitmap.Decode(jpeg);
        Assert.Equal((40, 30), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public void TryCreate_Unreadable_IsFalse()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("text.jpg"), "no image");
        File.WriteAllBytes(folder.File("empty.jpg"), []);
        File.WriteAllBytes(folder.File("bomb.bmp"), DeclaredBitmap(40_000, 40_000));
        Directory.CreateDirectory(folder.File("folder.jpg"));

        foreach (var name in new[] { "text.jpg", "empty.jpg", "bomb.bmp", "folder.jpg", "missing.jpg" })
            Assert.False(Thumbnail.TryCreate(Path.Combine(folder.Path, name), out _), name);
    }

    // White, with the top left quarter red.
    private static byte[] Picture(int width, int height)
    {
        using SKBitmap picture = new(width, height);
        using SKCanvas canvas = new(picture);
        using SKPaint red = new() { Color = SKColors.Red };
        canvas.Clear(SKColors.White);
        canvas.DrawRect(0, 0, width / 2, height / 2, red);
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }

    // An APP1 segment with one TIFF entry, 0x0112 = orientation, right after the start of the image.
    private static byte[] Oriented(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];

    private static byte[] DeclaredBitmap(int width, int height)
    {
        var bytes = new byte[54];
        "BM"u8.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        BitConverter.TryWriteBytes(bytes.AsSpan(26), (short)1);
        BitConverter.TryWriteBytes(bytes.AsSpan(28), (short)24);
        return bytes;
    }
}
