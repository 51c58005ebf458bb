using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

/// <summary>Whatever cannot be trained on: exit code 2, one clear message, and the place of the results as it was.</summary>
public sealed class TrainBadInputTests : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Photos _photos;

    public TrainBadInputTests(Photos photos)
    {
        _photos = photos;
        Drawings.WriteSet(Data, 4, seed: 1, "dots", "stripes");
        Directory.CreateDirectory(Results);
        File.WriteAllText(Model, "an older model");
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private string Results => Path.Combine(_folder.Path, "results");

    private string Model => Path.Combine(Results, "model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_EmptyClass_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(Data, "rings"));
        AssertRefused([], Path.Combine(Data, "rings"), "holds none");
    }

    [Fact]
    public void Train_OneClass_IsRefused()
    {
        Directory.Delete(Path.Combine(Data, "stripes"), recursive: true);
        AssertRefused([], "Expected 2 or more classes; received 1 ('dots')", "Put each class in a folder of its own");
    }

    [Fact]
    public void Train_NoClassFolders_IsRefused()
    {
        foreach (var name in new[] { "dots", "stripes" })
            Directory.Delete(Path.Combine(Data, name), recursive: true);
        Drawings.Write(Path.Combine(Data, "a.png"), "dots", 1);
        AssertRefused([], "1 files directly in", "or give a CSV manifest");
    }

    [Fact]
    public void Train_OneImageOfAClass_IsRefused()
    {
        foreach (var name in new[] { "001", "002", "003" })
            File.Delete(Path.Combine(Data, "dots", $"{name}.png"));
        AssertRefused([], "received 1 of 'dots'");
    }

    [Fact]
    public void Train_MissingData_IsRefused() => AssertRefused(["--data", Path.Combine(_folder.Path, "gone")], "gone' does not exist");

    [Fact]
    public void Train_MissingTest_IsRefused() => AssertRefused(["--test", Path.Combine(_folder.Path, "gone")], "gone' does not exist");

    [Fact]
    public void Train_TestIsTheData_IsRefused() => AssertRefused(["--test", Data], "No file is both trained on and tested on", "000.png");

    [Fact]
    public void Train_TestOfAForeignClass_IsRefused()
    {
        Drawings.WriteSet(_folder.File("test"), 2, seed: 3, "dots", "rings");
        AssertRefused(["--test", _folder.File("test")], "('dots', 'stripes'); received 'rings'");
    }

    [Fact]
    public void Train_MalformedManifest_IsRefusedWithTheLine()
    {
        File.WriteAllText(_folder.File("m.csv"), "path,label\na.png,dots\nb.png\n");
        AssertRefused(["--data", _folder.File("m.csv")], "Line 3 of");
    }

    [Fact]
    public void Train_UnknownBackbone_IsRefused() => AssertRefused(["--backbone", "resnet-5000"], "'embedded'", "received 'resnet-5000'");

    [Fact]
    public void Train_BackboneThatIsNoNetwork_IsRefused()
    {
        File.WriteAllText(_folder.File("text.onnx"), "no network");
        AssertRefused(["--backbone", _folder.File("text.onnx")], "text.onnx");
        File.WriteAllBytes(_folder.File("cut.onnx"), TinyBackbone.Bytes[..700]);
        AssertRefused(["--backbone", _folder.File("cut.onnx")], "cut.onnx");
    }

    [Fact]
    public void Train_UnknownCut_IsRefusedWithTheCuts() => AssertRefused(["--cut", "stage9"], "The cuts of tiny are last, output; received 'stage9'");

    [Fact]
    public void Train_UnknownPositiveClass_IsRefused() => AssertRefused(["--positive", "rings"], "'dots', 'stripes'; received 'rings'");

    [Fact]
    public void Train_OutputInAMissingFolder_IsRefused()
    {
        AssertRefused(["--out", Path.Combine(Results, "no", "model.zip")], "existing folder");
        AssertRefused(["--out", Path.Combine(Model, "model.zip")], "existing folder");
        AssertRefused(["--report", Path.Combine(Results, "no", "report.html")], "existing folder");
    }

    [Fact]
    public void Train_OutputIsAFolder_IsRefused()
    {
        AssertRefused(["--out", Results], "is a folder");
        Directory.CreateDirectory(Path.Combine(Results, "model.card.json"));
        AssertRefused([], "model.card.json' is a folder");
    }

    [Fact]
    public void Train_OutputFolderThatTakesNoFile_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder, /proc, that takes no file even from an administrator.");
        AssertRefused(["--out", "/proc/model.zip"], "'/proc/model.zip'", "takes no file");
    }

    [Fact]
    public void Train_TwoResultsInOneFile_IsRefused()
    {
        AssertRefused(["--report", Model], "would hold two");
        AssertRefused(["--report", Path.Combine(Results, "model.card.json")], "would hold two");
    }

    [Fact]
    public void Train_ResultOverAnInput_IsRefused()
    {
        var manifest = Path.Combine(Results, "m.csv");
        File.WriteAllText(manifest, "dots/000.png,dots\n");
        AssertRefused(["--data", manifest, "--out", manifest], "is one of its inputs");
        AssertRefused(["--report", _photos.Backbone], "is one of its inputs");
    }

    [Theory]
    [InlineData("--nope")]
    [InlineData("--seed", "one")]
    [InlineData("--positive")]
    [InlineData("--out", "")]
    public void Train_WrongUsage_IsRefusedWithTheWayToHelp(params string[] wrong)
    {
        var before = Snapshot.Of(Results);
        var run = CliRun.Of(["train", "--data", Data, "--out", Model, .. wrong]);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.StartsWith("error: ", run.Messages[0]);
        Assert.Equal("'mlnettransfer train --help' lists what is possible.", run.Messages[^1]);
        Assert.Equal(before, Snapshot.Of(Results));
    }

    [Fact]
    public void Train_MissingRequiredOptions_AreAllNamed()
    {
        var run = CliRun.Of("train");
        Assert.Equal(2, run.Code);
        string[] expected =
            ["error: Option '--data' is required.", "error: Option '--out' is required.", "'mlnettransfer train --help' lists what is possible."];
        Assert.Equal(expected, run.Messages);
    }

    /// <summary>Runs a good training but for what is given last, which takes the place of an option given before.</summary>
    private void AssertRefused(string[] wrong, params string[] parts)
    {
        var options = new Dictionary<string, string> { ["--data"] = Data, ["--backbone"] = _photos.Backbone, ["--out"] = Model };
        for (var i = 0; i < wrong.Length; i += 2)
            options[wrong[i]] = wrong[i + 1];
        var before = Snapshot.Of(Results);
        CliRun.Of(["train", "--json", .. options.SelectMany(option => new[] { option.Key, option.Value })]).AssertRefused(parts);
        Assert.Equal(before, Snapshot.Of(Results));
    }
}
