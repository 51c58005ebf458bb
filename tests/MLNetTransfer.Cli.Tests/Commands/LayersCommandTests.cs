using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class LayersCommandTests : IDisposable
{
    private static readonly string[] Cuts = ["stage1", "stage2", "stage3", "stage4", "all"];

    private readonly TemporaryFolder _folder = new();

    public LayersCommandTests() => Surfaces.Write(Data, 6);

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Layers_Json_HasTheNamesOfTheContract()
    {
        var run = Run("--epochs", "1", "--hidden", "4", "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(["backbone", "images", "cuts", "trained", "recommended", "recommendation", "stopped", "skipped"], CliRun.Names(run.Json));
        var cuts = run.Json["cuts"]!.AsArray();
        Assert.Equal(Cuts, cuts.Select(cut => (string?)cut!["name"]));
        Assert.All(cuts, cut => Assert.Equal(["name", "dimensions", "flops", "accuracy", "interval", "logLoss", "seconds"], CliRun.Names(cut)));
        Assert.All(cuts, cut => Assert.InRange((double)cut!["accuracy"]!, (double)cut["interval"]![0]!, (double)cut["interval"]![1]!));
        // Layers further up cost more.
        Assert.Equal(cuts.Select(cut => (long)cut!["flops"]!).Order(), cuts.Select(cut => (long)cut!["flops"]!));
        var trained = run.Json["trained"]!.AsArray();
        Assert.All(trained, choice => Assert.Equal(["cut", "fineTunedFrom", "hiddenUnits", "dimensions", "flops", "accuracy", "interval", "logLoss", "seconds", "complete"], CliRun.Names(choice)));
        Assert.Contains(trained, choice => (int?)choice!["hiddenUnits"] == 4);
        Assert.Contains(trained, choice => choice!["fineTunedFrom"] is not null);
        Assert.Contains((string?)run.Json["recommended"], Cuts);
        Assert.Equal(["cut", "fineTunedFrom", "hiddenUnits", "reason"], CliRun.Names(run.Json["recommendation"]));
        Assert.Equal((string?)run.Json["recommended"], (string?)run.Json["recommendation"]!["cut"]);
        Assert.Equal((12, false), ((int)run.Json["images"]!, (bool)run.Json["stopped"]!));
    }

    [Fact]
    public void Layers_FrozenText_IsATableOfTheCutsWithWhatToDoNext()
    {
        var run = Run("--frozen", "--hidden", "0", "--repeat", "2", "--report", _folder.File("report.html"));

        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Matches(@"layers kept +trained +features +multiply-adds +accuracy +95 % interval +log-loss +seconds", run.Output);
        foreach (var cut in Cuts)
            Assert.Matches($@"up to {cut}( \(recommended\))? +none +\d+ +\d+ M +[01]\.\d{{3}} +[01]\.\d{{3}} to [01]\.\d{{3}} +\d+\.\d{{3}} +\d+\.\d", run.Output);
        Assert.Single(run.Output.Split('\n'), line => line.Contains("(recommended)"));
        Assert.Matches(@"Recommended: \w+, frozen\. It ", run.Output);
        Assert.Matches(@"Next  mlnettransfer train --data \.\.\. --out model\.zip --cut \w+\n$", run.Output);
        var html = File.ReadAllText(_folder.File("report.html"));
        Assert.Contains("Accuracy along the network", html);
        Assert.Contains("<polyline class=\"curve line-1\"", html);
        Assert.DoesNotContain("NaN", html);
        Assert.All(Cuts, cut => Assert.Contains($"up to {cut}", html));
    }

    [Fact]
    public void Layers_NoTime_AnswersWithTheFrozenLayersAndSaysSo()
    {
        var run = Run("--budget", "0.001s", "--json");

        Assert.Equal(0, run.Code);
        Assert.True((bool)run.Json["stopped"]!);
        Assert.Empty(run.Json["trained"]!.AsArray());
        Assert.Contains((string?)run.Json["recommended"], Cuts);
        Assert.Contains("Not everything was tried", run.Error);
    }

    [Fact]
    public void Layers_AnImageThatIsNone_IsNamedAndTheExitCodeSaysSo()
    {
        File.WriteAllText(Path.Combine(Data, "cracked", "bad.jpg"), "no image");

        var run = Run("--frozen", "--hidden", "0", "--json");

        Assert.Equal(3, run.Code);
        Assert.EndsWith("bad.jpg", (string?)Assert.Single(run.Json["skipped"]!.AsArray())!["path"]);
        Assert.Contains("bad.jpg", run.Error);
        Assert.Equal(12, (int?)run.Json["images"]);
    }

    [Fact]
    public void Layers_CancelledBeforeThereIsAnAnswer_SaysSo()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var run = CliRun.Of(stop.Token, "layers", "--data", Data, "--report", _folder.File("report.html"));

        Assert.Equal(130, run.Code);
        Assert.Empty(run.Output);
        Assert.False(File.Exists(_folder.File("report.html")));
    }

    [Theory]
    [InlineData("HiddenUnits is 0 or more; received -1", "--hidden", "-1")]
    [InlineData("Repetitions is 1 or more; received 0", "--repeat", "0")]
    [InlineData("Epochs is 1 or more; received 0", "--epochs", "0")]
    [InlineData("LearningRate is a finite number of 0 or more; received NaN", "--learning-rate", "NaN")]
    [InlineData("received 'soon'", "--budget", "soon")]
    [InlineData("received 'resnet-5000'", "--backbone", "resnet-5000")]
    [InlineData("existing folder", "--report", "/nowhere/report.html")]
    public void Layers_BadInput_IsRefused(string said, params string[] args) => Run(args).AssertRefused(said);

    [Fact]
    public void Layers_OneClassOrNoData_IsRefused()
    {
        CliRun.Of("layers", "--data", _folder.File("gone")).AssertRefused("gone' does not exist");
        Directory.Delete(Path.Combine(Data, "intact"), recursive: true);
        Run().AssertRefused("Expected 2 or more classes; received 1 ('cracked')");
    }

    private CliRun Run(params string[] args) => CliRun.Of(["layers", "--data", Data, .. args]);
}
