using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Explanation;

public sealed class FilterBankTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_ANetwork_HoldsTheNumbersOfItsInitializer()
    {
        var bank = FilterBank.Of(Tiny());
        Assert.Equal((8, 3, 3, 3), (bank.Count, bank.Channels, bank.Height, bank.Width));
        var weights = ModelProto.Parser.ParseFrom(TinyBackbone.Bytes).Graph.Initializer.Single(tensor => tensor.Name == "w").FloatValues(int.MaxValue)!;
        Assert.Equal(weights, from filter in Enumerable.Range(0, 8) from channel in Enumerable.Range(0, 3) from y in Enumerable.Range(0, 3) from x in Enumerable.Range(0, 3) select bank[filter, channel, y, x]);
    }

    [Theory]
    [InlineData(PixelOrder.Rgb)]
    [InlineData(PixelOrder.Bgr)]
    public void SavePng_AFilter_IsScaledByItsLargestWeight(PixelOrder order)
    {
        var bank = FilterBank.Of(Tiny(order));
        bank.SavePng(_folder.File("filters.png"));
        using var png = SKBitmap.Decode(_folder.File("filters.png"));
        // 8 filters in 4 columns; a weight is a square of 14 pixels (40 / 3, rounded up), a filter 42 and 2 between filters.
        Assert.Equal((4 * 44 + 2, 2 * 44 + 2), (png.Width, png.Height));
        foreach (var (filter, y, x) in new[] { (0, 0, 0), (3, 2, 1), (5, 1, 2) })
        {
            var largest = Enumerable.Range(0, 27).Max(i => Math.Abs(bank[filter, i / 9, i / 3 % 3, i % 3]));
            byte[] expected = [.. Enumerable.Range(0, 3).Select(channel => (byte)MathF.Round(127.5f + 127.5f * bank[filter, channel, y, x] / largest))];
            var colour = png.GetPixel(2 + filter % 4 * 44 + x * 14 + 7, 2 + filter / 4 * 44 + y * 14 + 7);
            Assert.Equal(order == PixelOrder.Bgr ? expected.Reverse() : expected, [colour.Red, colour.Green, colour.Blue]);
        }
    }

    [Fact]
    public void Of_MobileNet_IsThirtyTwoFiltersOfThreeByThree()
    {
        var bank = FilterBank.Of(Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx")));
        Assert.Equal((32, 3, 3, 3), (bank.Count, bank.Channels, bank.Height, bank.Width));
    }

    [Fact]
    public void Of_ANetworkWithoutConvolution_IsRefused() =>
        Assert.Contains("'tiny' has none", Assert.Throws<TransferException>(() => FilterBank.Of(Bottlenecks.Tiny.Cut().Backbone)).Message);

    private static Backbone Tiny(PixelOrder order = PixelOrder.Rgb) =>
        Backbone.FromBytes(TinyBackbone.Bytes, new BackboneDescription { Name = "tiny", Preprocessing = Preprocessing.ImageNet(32) with { Order = order } }, "tiny.onnx");
}
