using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class TrainAutoCutTests : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Photos _photos;

    public TrainAutoCutTests(Photos photos)
    {
        _photos = photos;
        File.WriteAllBytes(_folder.File("tiny.onnx"), TinyBackbone.Bytes);
        File.WriteAllText(_folder.File("tiny.json"), """
            {
              "name": "tiny",
              "preprocessing": { "side": 32, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25] },
              "cuts": [{ "name": "linear", "tensors": ["conv"] }, { "name": "pooled", "tensors": ["pool"] }]
            }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_AutoJson_NamesTheChosenCutAndAllOthers()
    {
        var run = Run("--json", "--report", _folder.File("report.html"));
        Assert.Equal(0, run.Code);
        Assert.Equal(["backbone", "cut", "cutSelection", "classes", "positive", "images", "skipped", "validation", "test"], CliRun.Names(run.Json));
        var cuts = run.Json["cutSelection"]!.AsArray();
        Assert.Equal(["linear", "pooled"], cuts.Select(cut => (string?)cut!["name"]));
        Assert.All(cuts, cut => Assert.Equal(["name", "dimensions", "accuracy", "interval", "logLoss"], CliRun.Names(cut)));
        Assert.Contains((string?)run.Json["cut"], new[] { "linear", "pooled" });
        var html = File.ReadAllText(_folder.File("report.html"));
        Assert.Contains("Where the network was cut", html);
        Assert.Contains($"{run.Json["cut"]} (chosen)", html);
    }

    [Fact]
    public void Train_AutoText_ShowsATableOfTheCuts()
    {
        var run = Run();
        Assert.Equal(0, run.Code);
        Assert.Matches(@"cut +features +accuracy +95 % interval +log-loss", run.Output);
        Assert.Matches(@"(linear|pooled) \(chosen\) +8 +[01]\.\d{3} +[01]\.\d{3} to [01]\.\d{3} +\d\.\d{3}", run.Output);
    }

    [Fact]
    public void Features_Auto_SaysThatItHasNothingToChooseBy() => CliRun.Of(
        "features", "--data", _photos.Test, "--backbone", _folder.File("tiny.onnx"), "--cut", "auto", "--out", _folder.File("f.csv"))
        .AssertRefused("received 'auto'", "last, linear, pooled");

    private CliRun Run(params string[] args) => CliRun.Of(
        ["train", "--data", _photos.Train, "--test", _photos.Test, "--backbone", _folder.File("tiny.onnx"), "--cut", "auto", "--out", _folder.File("model.zip"), .. args]);
}
