using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class PretrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pretrain_TinyRunThenAgain_WritesABackboneOfTheSameBytes()
    {
        var path = _folder.File("tiny.onnx");
        var run = Run(path);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Output);
        Assert.Equal(["tiny.ckpt", "tiny.json", "tiny.log", "tiny.onnx"], Names());
        Assert.Equal(2, run.Messages.Length);
        Assert.StartsWith("step 2 of 2: loss ", run.Messages[0]);
        Assert.EndsWith($"on 64 held-out formula images. Backbone {path}.", run.Messages[1]);
        Assert.StartsWith("step\timages\tloss\taccuracy\timages_per_second\n2\t256\t", File.ReadAllText(_folder.File("tiny.log")));

        var backbone = Backbone.Load(path);
        Assert.Equal("formula-resnet", backbone.Name);
        Assert.Equal("all", backbone.DefaultCut.Name);
        Assert.Equal(backbone.Cuts.Count, backbone.Cuts.Select(cut => backbone.CutAt(cut).Dimensions).Count(dimensions => dimensions > 0));

        var (onnx, json) = (File.ReadAllBytes(path), File.ReadAllText(_folder.File("tiny.json"), Encoding.UTF8));
        File.Delete(path);
        File.Delete(_folder.File("tiny.json"));
        Assert.Equal(0, Run(path).Code);
        Assert.Equal(onnx, File.ReadAllBytes(path));
        Assert.Equal(json, File.ReadAllText(_folder.File("tiny.json"), Encoding.UTF8));
        Assert.Equal(4, Names().Count());

        var before = Snapshot.Of(_folder.Path);
        Run(path, "--seed", "2").AssertRefused("seed 1", "seed 2", "Give the same options");
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Fact]
    public void Pretrain_FromABackboneWithThings_StartsThere()
    {
        var (first, second) = (_folder.File("first.onnx"), _folder.File("second.onnx"));
        Assert.Equal(0, Run(first).Code);
        Assert.Equal(0, Run(second, "--from", first, "--things", "0.5", "--rate", "0.05", "--side", "32").Code);
        Assert.NotEqual(File.ReadAllBytes(first), File.ReadAllBytes(second));
        var before = Snapshot.Of(_folder.Path);
        Run(first, "--from", first).AssertRefused("one of its inputs");
        Run(_folder.File("third.onnx"), "--from", _folder.File("none.onnx")).AssertRefused("none.onnx");
        Run(_folder.File("third.onnx"), "--things", "2").AssertRefused("Things is 0 to 1; received 2");
        Run(_folder.File("third.onnx"), "--side", "40").AssertRefused("Side is 32 to 256 and a multiple of 16; received 40");
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Fact]
    public void Pretrain_BadInput_IsRefusedAndWritesNothing()
    {
        Run(_folder.File("tiny.zip")).AssertRefused("FILE.onnx");
        Run(Path.Combine(_folder.Path, "no", "tiny.onnx")).AssertRefused("existing folder");
        Run(_folder.File("tiny.onnx"), "--images", "5").AssertRefused("Images is at least one batch");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static CliRun Run(string path, params string[] args)
    {
        // A later option of the same name would be an error.
        string[] defaults = args.Contains("--images") ? [] : ["--images", "256"];
        return CliRun.Of(["pretrain", "--out", path, "--held-out", "64", "--float32", .. defaults, .. args]);
    }

    private IEnumerable<string> Names() => Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
