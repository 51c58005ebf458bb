using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageDecoderFailureTests
{
    private static readonly Preprocessing Small = Preprocessing.ImageNet(16);

    [Fact]
    public void Decode_NoBytes_IsEmpty() => Assert.Equal("is empty", Refuse([]).Reason);

    [Fact]
    public void Decode_Text_SaysHowItStarts() =>
        Assert.Equal("is not an image that can be decoded (starts with \"Not an i\")", Refuse("Not an image at all."u8.ToArray()).Reason);

    [Fact]
    public void Decode_Zeros_IsNoImage() => Assert.Contains("starts with bytes 0000000000000000", Refuse(new byte[5000]).Reason);

    [Fact]
    public void Decode_WirelessBitmap_IsNoImage() => Assert.Contains("not an image", Refuse([0, 0, 8, 2, 0xff, 0xff]).Reason);

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_CutAnywhere_IsRefusedNeverHalfGrey(SKEncodedImageFormat format)
    {
        var bytes = Pictures.Encode(Pictures.Noise(120, 90, seed: 5), format);
        foreach (var share in new[] { 0.02, 0.1, 0.3, 0.5, 0.8, 0.97 })
            Assert.Matches("truncated|damaged|not an image", Refuse(bytes[..(int)(bytes.Length * share)]).Reason);
    }

    [Fact]
    public void Decode_HalfAJpeg_IsTruncated()
    {
        var bytes = Pictures.Encode(Pictures.Noise(120, 90, seed: 6), SKEncodedImageFormat.Jpeg);
        Assert.Equal("is truncated", Refuse(bytes[..(bytes.Length / 2)]).Reason);
    }

    [Fact]
    public void Decode_DamagedPngData_IsRefused()
    {
        var bytes = Pictures.Encode(Pictures.Noise(120, 90, seed: 7));
        bytes.AsSpan(bytes.Length / 2, 40).Clear();
        Assert.Matches("damaged|truncated", Refuse(bytes).Reason);
    }

    [Fact]
    public void Decode_HugeDeclaredSize_IsRefusedBeforeAnyMemoryIsTaken()
    {
        var bytes = Pictures.DeclaredPng(40_000, 40_000);
        Refuse(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Refuse(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("declares 40000 x 40000 pixels; at most 178956970 are read", error.Reason);
    }

    [Fact]
    public void Decode_DeclaredPixelsWithoutData_IsRefused() => Assert.Matches("truncated|damaged", Refuse(Pictures.DeclaredPng(64, 64)).Reason);

    [Fact]
    public void Decode_Directory_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = Directory.CreateDirectory(Path.Combine(folder.Path, "x.jpg")).FullName;
        var error = Refuse(path);
        Assert.Equal((path, "is a directory", $"'{path}' is a directory."), (error.Path, error.Reason, error.Message));
    }

    [Fact]
    public void Decode_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("does not exist", Refuse(Path.Combine(folder.Path, "gone.jpg")).Reason);
        Assert.Equal("does not exist", Refuse(Path.Combine(folder.Path, "gone", "gone.jpg")).Reason);
    }

    [Fact]
    public void Decode_EmptyFile_IsEmpty()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.jpg"), []);
        Assert.Equal("is empty", Refuse(folder.File("a.jpg")).Reason);
    }

    /// <summary>A bad picture between two reads of a good one: pooled buffers must not carry anything over.</summary>
    [Fact]
    public void Decode_AfterAFailure_IsUnchanged()
    {
        var good = Pictures.Encode(Pictures.Pattern(120, 90), SKEncodedImageFormat.Jpeg);
        var (before, after) = (new float[Small.TensorLength], new float[Small.TensorLength]);
        ImageDecoder.Decode(good, "good", Small, before, out _);
        Refuse(good[..(good.Length / 2)]);
        ImageDecoder.Decode(good, "good", Small, after, out _);
        Assert.Equal(before, after);
    }

    private static ImageException Refuse(byte[] bytes) =>
        Assert.Throws<ImageException>(() => ImageDecoder.Decode(bytes, "bad", Small, new float[Small.TensorLength], out _));

    private static ImageException Refuse(string path) =>
        Assert.Throws<ImageException>(() => ImageDecoder.Decode(path, Small, new float[Small.TensorLength], out _));
}
