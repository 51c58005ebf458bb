using System.Security.Cryptography;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class ExportCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Onnx => Path.Combine(_folder.Path, "model.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Json_SaysWhereAndWhatTheFileIs()
    {
        var run = CliRun.Of("export", "--model", photos.Model, "--out", Onnx, "--json");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(
            ["path", "bytes", "sha256", "format", "input", "preprocessing", "probabilities", "label", "classes", "positive", "threshold", "backbone", "cut", "seed"],
            CliRun.Names(run.Json));
        var bytes = File.ReadAllBytes(Onnx);
        Assert.Equal(Onnx, (string?)run.Json["path"]);
        Assert.Equal(bytes.Length, (int?)run.Json["bytes"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), (string?)run.Json["sha256"]);
        Assert.Equal([Onnx], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Export_Text_NamesInputAndOutputs()
    {
        var run = CliRun.Of("export", "--model", photos.Model, "--out", Onnx);
        Assert.Equal(0, run.Code);
        Assert.Equal($"In   image  float32 [N, 3, 32, 32], rgb\nOut  probabilities  float32 [N, 2]: dots, stripes\nOut  label  int64 [N]\nONNX {Onnx}\n", run.Output);
    }

    [Fact]
    public void Export_Pixels_IsAnotherFileThatTakes0To255()
    {
        var plain = CliRun.Of("export", "--model", photos.Model, "--out", Onnx, "--json").Json;
        var pixels = CliRun.Of("export", "--model", photos.Model, "--out", Onnx, "--pixels", "--json").Json;
        Assert.NotEqual((string?)plain["sha256"], (string?)pixels["sha256"]);
        Assert.Equal("[0,0,0]", pixels["preprocessing"]!["mean"]!.ToJsonString());
        Assert.Equal(1 / 255f, (float)pixels["preprocessing"]!["std"]![0]!);
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes()
    {
        CliRun.Of("export", "--model", photos.Model, "--out", Onnx);
        var first = File.ReadAllBytes(Onnx);
        CliRun.Of("export", "--model", photos.Model, "--out", Onnx);
        Assert.Equal(first, File.ReadAllBytes(Onnx));
    }

    [Theory]
    [InlineData("missing.zip", "model.onnx", "does not exist")]
    [InlineData("text.zip", "model.onnx", "truncated, altered or something else")]
    [InlineData("text.zip", "text.zip", "one of its inputs")]
    [InlineData("text.zip", "missing/model.onnx", "existing folder")]
    public void Export_BadInput_IsRefusedAndWritesNothing(string model, string output, string reason)
    {
        File.WriteAllText(_folder.File("text.zip"), "no model");
        var before = Snapshot.Of(_folder.Path);
        CliRun.Of("export", "--model", Path.Combine(_folder.Path, model), "--out", Path.Combine(_folder.Path, output)).AssertRefused(reason);
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }
}
