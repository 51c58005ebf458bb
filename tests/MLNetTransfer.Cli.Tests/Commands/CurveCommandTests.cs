using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class CurveCommandTests : IDisposable
{
    private static readonly string[] Modes = ["frozen", "fine-tuned", "from-scratch", "random-features"];

    private readonly TemporaryFolder _folder = new();

    public CurveCommandTests() => Surfaces.Write(Data, 8);

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curve_Json_HasAPointForEveryModeAndSize()
    {
        var run = Run("--cut", "stage4", "--fine-tune", "stage3", "--sizes", "1,2", "--draws", "2", "--epochs", "1", "--json");

        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(["backbone", "cut", "fineTunedFrom", "testImages", "points", "skipped"], CliRun.Names(run.Json));
        Assert.Equal(("stage4", "stage3"), ((string?)run.Json["cut"], (string?)run.Json["fineTunedFrom"]));
        var points = run.Json["points"]!.AsArray();
        Assert.All(points, point => Assert.Equal(["mode", "imagesOfClass", "accuracy", "interval", "draws"], CliRun.Names(point)));
        Assert.Equal(Modes.SelectMany(mode => new[] { (mode, 2), (mode, 2), (mode, 1) }), points.Select(point => ((string)point!["mode"]!, point["draws"]!.AsArray().Count)));
        Assert.All(points, point => Assert.InRange((double)point!["accuracy"]!, (double)point["interval"]![0]!, (double)point["interval"]![1]!));
        // Two fifths of 8 images a class are held out.
        var heldOut = (int)run.Json["testImages"]!;
        Assert.InRange(heldOut, 6, 8);
        Assert.Equal([1, 2, 8 - (heldOut / 2)], points.Take(3).Select(point => (int)point!["imagesOfClass"]!));
    }

    [Fact]
    public void Curve_TextAndReport_ShowTheTableAndThePlot()
    {
        var run = Run("--cut", "stage4", "--test", Surfaces.Write(_folder.File("test"), 4, skip: 100), "--modes", "random-features,frozen", "--sizes", "2,1", "--draws", "2", "--report", _folder.File("report.html"));

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Accuracy on 8 held-out photos with formula-resnet, cut at stage4", run.Output);
        Assert.Matches(@"photos of a class +frozen +random features", run.Output);
        Assert.Matches(@"\n +1 +[01]\.\d{3} ± \d\.\d{3} +[01]\.\d{3} ± \d\.\d{3} *\n", run.Output);
        Assert.Matches(@"\n +8 \(all\) +[01]\.\d{3} +[01]\.\d{3} *\n", run.Output);
        var html = File.ReadAllText(_folder.File("report.html"));
        Assert.Contains("Accuracy against labelled photos", html);
        Assert.Contains("<span class=\"key line-2\">random features</span>", html);
        Assert.DoesNotContain("NaN", html);
    }

    [Fact]
    public void Curve_SizesThatThePhotosAreTooFewFor_AreLeftOut()
    {
        var run = Run("--cut", "stage4", "--modes", "frozen", "--sizes", "50", "--json", "--report", _folder.File("report.html"));

        Assert.Equal(0, run.Code);
        var point = Assert.Single(run.Json["points"]!.AsArray())!;
        Assert.Single(point["draws"]!.AsArray());
        Assert.DoesNotContain("NaN", File.ReadAllText(_folder.File("report.html")));
    }

    [Fact]
    public void Curve_AnImageThatIsNone_IsNamedAndTheExitCodeSaysSo()
    {
        File.WriteAllText(Path.Combine(Data, "cracked", "bad.jpg"), "no image");

        var run = Run("--modes", "frozen", "--sizes", "2", "--draws", "2", "--json");

        Assert.Equal(3, run.Code);
        Assert.EndsWith("bad.jpg", (string?)Assert.Single(run.Json["skipped"]!.AsArray())!["path"]);
    }

    [Theory]
    [InlineData("Sizes are whole numbers of 1 or more with commas between them; received 'two'", "--sizes", "1,two")]
    [InlineData("received '0'", "--sizes", "0")]
    [InlineData("received '-1'", "--sizes=-1")]
    [InlineData("received '1.5'", "--sizes", "1.5")]
    [InlineData("some of frozen, fine-tuned, from-scratch, random-features; received 'magic'", "--modes", "frozen,magic")]
    [InlineData("Draws is 2 or more, as one says nothing of chance; received 1", "--draws", "1")]
    [InlineData("received 'auto'", "--cut", "auto")]
    [InlineData("'nowhere'", "--cut", "nowhere")]
    [InlineData("'nowhere'", "--fine-tune", "nowhere", "--modes", "fine-tuned")]
    [InlineData("Epochs is 1 or more; received 0", "--epochs", "0")]
    [InlineData("existing folder", "--report", "/nowhere/report.html")]
    public void Curve_BadInput_IsRefused(string said, params string[] args) => Run(args).AssertRefused(said);

    [Fact]
    public void Curve_TestIsTheData_IsRefused() => Run("--test", Data, "--modes", "frozen").AssertRefused("No file is both trained on and tested on");

    private CliRun Run(params string[] args) => CliRun.Of(["curve", "--data", Data, .. args]);
}
