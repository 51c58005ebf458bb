using System.Diagnostics;
using System.Security.Cryptography;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageDecoderTests
{
    /// <summary>Bytes as they are, 0..255.</summary>
    private static readonly Preprocessing Plain = new() { Side = 16, Std = new(1f / 255) };

    [Fact]
    public void Decode_Squash_IsTheReferenceResize()
    {
        var pixels = Pictures.Pattern(61, 37);
        AssertEqual(Pictures.Resize(pixels, 16, 16), 0, 0, Decode(Pictures.Encode(pixels), Plain), 0.01);
    }

    /// <summary>torchvision: Resize(20) of 61 x 37 is 32 x 20 (the longer side truncated), CenterCrop(16) starts at 8, 2.</summary>
    [Fact]
    public void Decode_CenterCrop_IsTheMiddleOfTheReferenceResize()
    {
        var pixels = Pictures.Pattern(61, 37);
        var preprocessing = Plain with { Resize = ResizeMode.CenterCrop, ResizeRatio = 1.25f };
        AssertEqual(Pictures.Resize(pixels, 32, 20), 8, 2, Decode(Pictures.Encode(pixels), preprocessing), 0.01);
    }

    [Theory]
    [InlineData(PixelOrder.Rgb, TensorLayout.Nchw)]
    [InlineData(PixelOrder.Bgr, TensorLayout.Nchw)]
    [InlineData(PixelOrder.Rgb, TensorLayout.Nhwc)]
    [InlineData(PixelOrder.Bgr, TensorLayout.Nhwc)]
    public void Decode_OrderAndLayout_PutEachValueInItsPlace(PixelOrder order, TensorLayout layout)
    {
        var pixels = Pictures.Noise(4, 4, seed: 3);
        var (mean, std) = (new ChannelValues(0.1f, 0.2f, 0.3f), new ChannelValues(0.4f, 0.5f, 0.6f));
        var tensor = Decode(Pictures.Encode(pixels), new Preprocessing { Side = 4, Order = order, Layout = layout, Mean = mean, Std = std });
        for (var y = 0; y < 4; y++)
            for (var x = 0; x < 4; x++)
                for (var c = 0; c < 3; c++)
                {
                    var position = order == PixelOrder.Rgb ? c : 2 - c;
                    var at = layout == TensorLayout.Nchw ? (position * 16) + (y * 4) + x : (((y * 4) + x) * 3) + position;
                    var expected = ((pixels[y, x, c] / 255.0) - (0.1 * (c + 1))) / (0.4 + (0.1 * c));
                    Assert.Equal(expected, tensor[at], 1e-5);
                }
    }

    [Fact]
    public void Decode_Gray_IsTheLuma()
    {
        var pixels = Pictures.Noise(2, 2, seed: 4);
        var tensor = Decode(Pictures.Encode(pixels), new Preprocessing { Side = 2, Order = PixelOrder.Gray, Std = new(1f / 255) });
        Assert.Equal((0.299 * pixels[1, 0, 0]) + (0.587 * pixels[1, 0, 1]) + (0.114 * pixels[1, 0, 2]), tensor[2], 0.001);
    }

    /// <summary>Upright (x, y) by the EXIF definition: which side of the picture the stored row 0 and column 0 are.</summary>
    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_ExifOrientation_IsUpright(int orientation, ResizeMode resize)
    {
        var jpeg = Pictures.Encode(Pictures.Pattern(45, 28), SKEncodedImageFormat.Jpeg);
        var stored = DecodeWhole(jpeg);
        var (rows, columns) = (stored.GetLength(0), stored.GetLength(1));
        var (width, height) = orientation <= 4 ? (columns, rows) : (rows, columns);
        var upright = new byte[height, width, 3];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var (x, y) = orientation switch
                {
                    1 => (column, row),
                    2 => (columns - 1 - column, row),
                    3 => (columns - 1 - column, rows - 1 - row),
                    4 => (column, rows - 1 - row),
                    5 => (row, column),
                    6 => (rows - 1 - row, column),
                    7 => (rows - 1 - row, columns - 1 - column),
                    _ => (row, columns - 1 - column),
                };
                for (var c = 0; c < 3; c++)
                    upright[y, x, c] = stored[row, column, c];
            }
        var preprocessing = Plain with { Side = 13, Resize = resize };
        var oriented = Pictures.WithOrientation(jpeg, orientation);
        ImageFingerprint fingerprint, expectedFingerprint;
        var (tensor, expected) = (new float[preprocessing.TensorLength], new float[preprocessing.TensorLength]);
        ImageDecoder.Decode(oriented, "oriented", preprocessing, tensor, out fingerprint, scaledDecoding: false);
        ImageDecoder.Decode(Pictures.Encode(upright), "upright", preprocessing, expected, out expectedFingerprint, scaledDecoding: false);
        for (var i = 0; i < tensor.Length; i++)
            Assert.Equal(expected[i], tensor[i], 0.001);
        Assert.Equal(expectedFingerprint.PerceptualHash, fingerprint.PerceptualHash);
        Assert.Equal(expectedFingerprint.ColumnHash, fingerprint.ColumnHash);
    }

    public static TheoryData<int, ResizeMode> Orientations()
    {
        var data = new TheoryData<int, ResizeMode>();
        foreach (var resize in Enum.GetValues<ResizeMode>())
            for (var orientation = 1; orientation <= 8; orientation++)
                data.Add(orientation, resize);
        return data;
    }

    /// <summary>Expected colours as PIL 9.4 reads them: convert("RGB"), which drops transparency; 16 bits keep the high byte.</summary>
    [Theory]
    [InlineData("cmyk.jpg", 51, 143, 189)]
    [InlineData("grey.jpg", 77, 77, 77)]
    [InlineData("animated.gif", 10, 200, 30)]
    [InlineData("sixteen-bit.png", 128, 128, 128)]
    [InlineData("palette.png", 200, 120, 40)]
    [InlineData("transparent.png", 200, 120, 40)]
    [InlineData("grey-invisible.png", 77, 77, 77)]
    [InlineData("lossless.webp", 200, 120, 40)]
    [InlineData("plain.bmp", 200, 120, 40)]
    public void Decode_EveryKindOfFile_GivesItsColour(string kind, int red, int green, int blue)
    {
        var tensor = Decode(EncodedSamples.Bytes(kind), new Preprocessing { Side = 2, Std = new(1f / 255), Layout = TensorLayout.Nhwc });
        for (var at = 0; at < tensor.Length; at += 3)
        {
            Assert.Equal(red, tensor[at], 2.0);
            Assert.Equal(green, tensor[at + 1], 2.0);
            Assert.Equal(blue, tensor[at + 2], 2.0);
        }
    }

    [Theory]
    [InlineData("UPPER.JPG")]
    [InlineData("no-extension")]
    [InlineData("wrong.txt")]
    [InlineData("фото кошки 猫 é.jpeg")]
    public void Decode_AnyName_IsKnownByItsContent(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = Pictures.Encode(Pictures.Pattern(20, 20));
        File.WriteAllBytes(folder.File(name), bytes);
        var tensor = new float[Plain.TensorLength];
        ImageDecoder.Decode(folder.File(name), Plain, tensor, out var fingerprint);
        Assert.Equal(Decode(bytes, Plain), tensor);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), fingerprint.ContentHash);
    }

    [Fact]
    public void Decode_Stream_ReadsFromWhereItStandsAndLeavesItOpen()
    {
        var bytes = Pictures.Encode(Pictures.Pattern(300, 200));
        using var stream = new MemoryStream([1, 2, 3, .. bytes]);
        stream.Position = 3;
        var tensor = new float[Plain.TensorLength];
        ImageDecoder.Decode(stream, "stream", Plain, tensor, out _);
        Assert.Equal(Decode(bytes, Plain), tensor);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Decode_NamedPipe_IsReadThoughItsLengthIsUnknown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no path in the file system of Windows.");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
            made.WaitForExit();
        var bytes = Pictures.Encode(Pictures.Pattern(600, 500));
        var writer = new Thread(() =>
        {
            using var end = new FileStream(pipe, FileMode.Open, FileAccess.Write);
            end.Write(bytes);
        });
        writer.IsBackground = true;
        writer.Start();
        var tensor = new float[Plain.TensorLength];
        ImageDecoder.Decode(pipe, Plain, tensor, out _);
        Assert.Equal(Decode(bytes, Plain), tensor);
    }

    [Fact]
    public void Decode_InParallel_GivesTheSameBits()
    {
        var bytes = Pictures.Encode(Pictures.Pattern(301, 203), SKEncodedImageFormat.Jpeg);
        var expected = Decode(bytes, Plain);
        var tensors = ParallelEnumerable.Range(0, 64).Select(_ => Decode(bytes, Plain)).ToArray();
        Assert.All(tensors, tensor => Assert.Equal(expected, tensor));
    }

    /// <summary>Shrinking inside the JPEG codec changes a photo-like picture by less than 1 of 255 in the mean.</summary>
    [Fact]
    public void Decode_ScaledJpeg_IsCloseToFullDecoding()
    {
        var bytes = Pictures.Encode(Pictures.Pattern(400, 300), SKEncodedImageFormat.Jpeg);
        var (scaled, full) = (new float[Plain.TensorLength], new float[Plain.TensorLength]);
        ImageDecoder.Decode(bytes, "scaled", Plain, scaled, out _, scaledDecoding: true);
        ImageDecoder.Decode(bytes, "full", Plain, full, out _, scaledDecoding: false);
        var differences = scaled.Zip(full, (a, b) => Math.Abs(a - b)).ToArray();
        Assert.InRange(differences.Max(), 1e-6, 6);
        Assert.InRange(differences.Average(), 0, 1);
    }

    [Fact]
    public void Decode_WrongTensorLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ImageDecoder.Decode(EncodedSamples.Bytes("plain.bmp"), "x", Plain, new float[5], out _));

    private static float[] Decode(byte[] bytes, Preprocessing preprocessing)
    {
        var tensor = new float[preprocessing.TensorLength];
        ImageDecoder.Decode(bytes, "test", preprocessing, tensor, out _);
        return tensor;
    }

    private static byte[,,] DecodeWhole(byte[] jpeg)
    {
        using var bitmap = SKBitmap.Decode(jpeg);
        var pixels = new byte[bitmap.Height, bitmap.Width, 3];
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
                (pixels[y, x, 0], pixels[y, x, 1], pixels[y, x, 2]) = (bitmap.GetPixel(x, y).Red, bitmap.GetPixel(x, y).Green, bitmap.GetPixel(x, y).Blue);
        return pixels;
    }

    private static void AssertEqual(double[,,] expected, int left, int top, float[] tensor, double tolerance)
    {
        for (var y = 0; y < 16; y++)
            for (var x = 0; x < 16; x++)
                for (var c = 0; c < 3; c++)
                    Assert.Equal(expected[y + top, x + left, c], tensor[(c * 256) + (y * 16) + x], tolerance);
    }
}
