using MLNetTransfer.Backbones;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Backbones;
using MLNetTransfer.Tests.Transfer;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Explanation;

public sealed class ActivationMapsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ActivationMapsTests() => Drawings.Write(_folder.File("photo.png"), "stripes", 5);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_ACut_HoldsTheTensorOfTheWholeGraph()
    {
        var backbone = TrainedTask.Backbone;
        var maps = ActivationMaps.Of(backbone.CutAt(backbone.DefaultCut), _folder.File("photo.png"));
        var image = new float[backbone.Preprocessing.TensorLength];
        ImageDecoder.Decode(_folder.File("photo.png"), backbone.Preprocessing, image, out _);
        var expected = OnnxModels.Run(TinyBackbone.Bytes, image, 1, 3, 32, "map")["map"];
        Assert.Equal([new CutShape(8, 16, 16)], maps.Layers);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], maps[0, i / 256, i / 16 % 16, i % 16], 1e-5);
    }

    [Fact]
    public void SavePng_SeveralTensors_ShowsEachMapFromBlackToWhite()
    {
        var backbone = Backbone.Embedded;
        var maps = ActivationMaps.Of(backbone.CutAt(backbone.DefaultCut), _folder.File("photo.png"));
        Assert.Equal(backbone.DefaultCut.Tensors.Count, maps.Layers.Count);
        Assert.Equal(backbone.DefaultCut.Dimensions, maps.Layers.Sum(layer => layer.Channels));
        maps.SavePng(_folder.File("maps.png"));
        using var png = SKBitmap.Decode(_folder.File("maps.png"));
        Assert.Equal(SKColors.White, png.GetPixel(0, 0));
        // The first map, one pixel a value behind a gap of two.
        var values = Enumerable.Range(0, 64 * 64).Select(i => maps[0, 0, i / 64, i % 64]).ToArray();
        var (low, high) = (values.Min(), values.Max());
        foreach (var i in new[] { 0, 1234, 4095 })
            Assert.Equal((byte)MathF.Round(255 * (values[i] - low) / (high - low)), png.GetPixel(2 + i % 64, 2 + i / 64).Red);
    }

    [Fact]
    public void Of_ClassScores_IsRefusedWithTheCutsThatHaveMaps()
    {
        var backbone = TrainedTask.Backbone;
        var scores = backbone.Cuts.Single(cut => cut.Name == "output");
        var message = Assert.Throws<TransferException>(() => ActivationMaps.Of(backbone.CutAt(scores), _folder.File("photo.png"))).Message;
        Assert.Contains("tiny cut at output are not", message);
    }

    [Fact]
    public void Of_NoImage_IsRefused()
    {
        File.WriteAllText(_folder.File("notes.png"), "notes");
        var cut = TrainedTask.Backbone.CutAt(TrainedTask.Backbone.DefaultCut);
        Assert.Contains("notes.png", Assert.Throws<ImageException>(() => ActivationMaps.Of(cut, _folder.File("notes.png"))).Message);
    }
}
