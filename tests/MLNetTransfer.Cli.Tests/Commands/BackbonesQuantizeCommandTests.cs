using MLNetTransfer.Backbones;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesQuantizeCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => Path.Combine(_folder.Path, "tiny-int8.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Quantize_LabelledPhotos_WritesABackboneThatTrainsAndPredicts()
    {
        var run = Quantise(photos.Backbone, "--data", photos.Train, "--images", "10", "--json");

        Assert.Equal(0, run.Code);
        var json = run.Json;
        Assert.Equal(
            ["backbone", "cut", "offered", "out", "images", "calibrationImages", "convolutions", "floatConvolutions", "accuracy", "imagesPerSecond", "bytes", "similarity", "signalToNoise", "skipped"],
            CliRun.Names(json));
        Assert.Equal(("tiny", "last", true, Out), ((string)json["backbone"]!, (string)json["cut"]!, (bool)json["offered"]!, (string)json["out"]!));
        Assert.Equal((24, 10), ((int)json["images"]!, (int)json["calibrationImages"]!));
        Assert.InRange((double)json["accuracy"]!["difference"]!, -0.005, 1);
        Assert.Equal(2, json["accuracy"]!["interval"]!.AsArray().Count);
        Assert.True((double)json["imagesPerSecond"]!["ratio"]! > 0);
        Assert.Equal(["tiny-int8.json", "tiny-int8.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal("tiny-int8", Backbone.Load(Out).Name);

        Assert.Equal(0, CliRun.Of("train", "--data", photos.Train, "--test", photos.Test, "--backbone", Out, "--out", _folder.File("model.zip")).Code);
        Assert.Equal(0, CliRun.Of("predict", "--model", _folder.File("model.zip"), photos.Test).Code);
        Assert.Equal(0, CliRun.Of("features", "--backbone", Out, "--data", photos.Test, "--out", _folder.File("f.csv")).Code);
    }

    [Fact]
    public void Quantize_TooMuchAccuracyLost_IsRefusedWithTheFiguresAndWritesNothing()
    {
        var bad = _folder.File("bad.onnx");
        File.WriteAllBytes(bad, WithOneLargeFilter(TinyBackbone.Bytes));

        var run = Quantise(bad, "--data", photos.Train);

        Assert.Equal(1, run.Code);
        Assert.Contains("Refused, nothing was written: it may cost 0.5 points of accuracy at most; it costs ", run.Error);
        Assert.Contains("accuracy", run.Output);
        Assert.Contains("95 % interval", run.Output);
        Assert.Equal([bad], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Quantize_PhotosWithoutClasses_TakesAnOption()
    {
        var data = Path.Combine(photos.Train, "dots");
        Quantise(photos.Backbone, "--data", data).AssertRefused("takes photos of two classes", "--unlabelled");
        Assert.Empty(Directory.GetFiles(_folder.Path));

        var run = Quantise(photos.Backbone, "--data", data, "--unlabelled");

        Assert.Equal(0, run.Code);
        Assert.Contains("Accuracy unknown", run.Output);
        Assert.True(File.Exists(Out));
    }

    [Fact]
    public void Quantize_OneClass_LeavesTheAccuracyUnmeasuredAndIsRefused()
    {
        using var folder = new TemporaryFolder();
        Drawings.WriteSet(Path.Combine(folder.Path, "data"), 4, seed: 3, "dots");

        Quantise(photos.Backbone, "--data", Path.Combine(folder.Path, "data")).AssertRefused("Expected 2 or more classes; received 1 ('dots')");

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Quantize_BadInput_IsRefusedAndWritesNothing()
    {
        Quantise("gone.onnx", "--data", photos.Train).AssertRefused("gone.onnx");
        Quantise(photos.Backbone, "--data", _folder.File("nowhere")).AssertRefused("nowhere");
        Quantise(photos.Backbone, "--data", photos.Train, "--images", "0").AssertRefused("CalibrationImages is 1 or more");
        Quantise(photos.Backbone, "--data", photos.Train, "--cut", "stage9").AssertRefused("stage9");
        CliRun.Of("backbones", "quantize", photos.Backbone, "--data", photos.Train, "--out", photos.Backbone).AssertRefused("is one of its inputs");
        CliRun.Of("backbones", "quantize", photos.Backbone, "--data", photos.Train, "--out", Path.ChangeExtension(Out, ".json")).AssertRefused("would hold two");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private CliRun Quantise(string backbone, params string[] args) => CliRun.Of(["backbones", "quantize", backbone, "--out", Out, .. args]);

    /// <summary>The network with a first filter so large that it takes all steps of the tensor it is in.</summary>
    private static byte[] WithOneLargeFilter(byte[] onnx)
    {
        ReadOnlySpan<byte> weights = [0x42, 1, (byte)'w', 0x4a, 0xe0, 0x06];
        var start = onnx.AsSpan().IndexOf(weights) + weights.Length;
        for (var i = 0; i < 27; i++)
        {
            var value = onnx.AsSpan(start + (i * sizeof(float)), sizeof(float));
            BitConverter.TryWriteBytes(value, Math.Abs(BitConverter.ToSingle(value)) * 1e6f);
        }

        return onnx;
    }
}
