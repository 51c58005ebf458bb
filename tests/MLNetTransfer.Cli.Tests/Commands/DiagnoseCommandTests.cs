using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class DiagnoseCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Diagnose_Json_HasTheNamesOfTheContract()
    {
        var run = Diagnose(photos.Train, photos.Test, "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(["scenario", "reasons", "evidence", "recommendation", "command", "skipped"], CliRun.Names(run.Json));
        Assert.Contains((string?)run.Json["scenario"], (string[])["none", "unknown"]);
        var evidence = run.Json["evidence"]!;
        Assert.Equal(["sourceImages", "targetImages", "sharedImages", "featureSpace", "classes", "marginal", "labelShift", "conditional", "foreign"], CliRun.Names(evidence));
        Assert.Equal(["mmd2", "mmdP", "bandwidth", "auc", "aucP", "aDistance", "aDistanceInterval", "features", "strongFeatures", "strongFeaturesByChance", "largestEffect"],
            CliRun.Names(evidence["marginal"]));
        Assert.True((bool)evidence["classes"]!["targetLabelled"]!);
    }

    [Fact]
    public void Diagnose_OtherClasses_SaysTaskTransferAndWhatToType()
    {
        Drawings.WriteSet(Path.Combine(_folder.Path, "target"), 12, seed: 5, "dots", "rings");

        var run = Diagnose(photos.Train, Path.Combine(_folder.Path, "target"));

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Scenario: task-transfer, another question (p(y|x) differs).\n  The target has classes that the source does not know: 'rings'.\n", run.Output);
        Assert.EndsWith($"\n  mlnettransfer train --data {Path.Combine(_folder.Path, "target")} --out model.zip\n", run.Output);
    }

    [Fact]
    public void Diagnose_Unlabelled_TakesFoldersForNoClasses()
    {
        Drawings.WriteSet(Path.Combine(_folder.Path, "target"), 12, seed: 5, "dots", "rings");

        var run = Diagnose(photos.Train, Path.Combine(_folder.Path, "target"), "--unlabelled", "--json");

        Assert.Equal("domain-adaptation", (string?)run.Json["scenario"]);
        Assert.False((bool)run.Json["evidence"]!["classes"]!["targetLabelled"]!);
        Assert.Contains("--method auto", (string?)run.Json["command"]);
    }

    [Fact]
    public void Diagnose_FlatFolder_IsUnlabelled()
    {
        for (var i = 0; i < 12; i++)
            Drawings.Write(_folder.File("flat", $"{i}.png"), i % 2 == 0 ? "dots" : "stripes", seed: 900 + i);

        var run = Diagnose(photos.Train, Path.Combine(_folder.Path, "flat"), "--json");

        Assert.False((bool)run.Json["evidence"]!["classes"]!["targetLabelled"]!);
        Assert.Null(run.Json["evidence"]!["conditional"]);
    }

    [Fact]
    public void Diagnose_Manifest_IsLabelled()
    {
        var lines = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Select(path => $"{path},{Path.GetFileName(Path.GetDirectoryName(path))}");
        File.WriteAllLines(_folder.File("target.csv"), lines.Prepend("path,label"));

        var run = Diagnose(photos.Train, _folder.File("target.csv"), "--json");

        Assert.True((bool)run.Json["evidence"]!["classes"]!["targetLabelled"]!);
    }

    [Fact]
    public void Diagnose_OneImage_CannotTell()
    {
        Drawings.Write(_folder.File("one", "1.png"), "dots", seed: 77);

        var run = Diagnose(photos.Train, Path.Combine(_folder.Path, "one"));

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Scenario: unknown, these images cannot tell.\n  A comparison takes 10 or more different images of each domain; received 24 and 1.\n", run.Output);
    }

    [Fact]
    public void Diagnose_UnreadableImages_AreNamedAndExitWith3()
    {
        Drawings.WriteSet(Path.Combine(_folder.Path, "target"), 8, seed: 6, "dots", "stripes");
        File.WriteAllText(_folder.File("target", "dots", "notes.png"), "no picture");

        var run = Diagnose(photos.Train, Path.Combine(_folder.Path, "target"), "--json");

        Assert.Equal(3, run.Code);
        Assert.Contains("notes.png", Assert.Single(run.Messages));
        Assert.EndsWith("notes.png", (string?)run.Json["skipped"]![0]!["path"]);
    }

    [Fact]
    public void Diagnose_TheSameFolderTwice_IsRefused() =>
        Diagnose(photos.Train, photos.Train).AssertRefused("Source and target are different images", "all 24");

    [Theory]
    [InlineData("--cut", "auto", "compared at one cut")]
    [InlineData("--target", "nowhere", "does not exist")]
    [InlineData("--source", "nowhere", "does not exist")]
    public void Diagnose_BadInput_IsRefused(string option, string value, string reason)
    {
        string[] args = ["diagnose", "--source", photos.Train, "--target", photos.Test, "--backbone", photos.Backbone];

        CliRun.Of(args.Contains(option) ? args.Select((text, i) => i > 0 && args[i - 1] == option ? value : text) : [.. args, option, value]).AssertRefused(reason);
    }

    [Fact]
    public void Diagnose_Report_ShowsTheVerdictAndBothPlots()
    {
        var report = _folder.File("report.html");

        var run = Diagnose(photos.Train, photos.Test, "--report", report);

        Assert.Equal(0, run.Code);
        var html = File.ReadAllText(report);
        Assert.All(["<h1>Source and target: ", "Where the images lie", "How well they are told apart", "Most foreign", "The evidence"], part => Assert.Contains(part, html));
        Assert.Equal(2, html.Split("<svg").Length - 1);
    }

    // What a user reads, to the letter; every printed digit is of a small integer-weighted network.
    [Fact]
    public void Diagnose_Table_IsTheGoldenText()
    {
        var golden = Repository.Path("tests", "MLNetTransfer.Cli.Tests", "Golden", "diagnose.txt");
        Drawings.WriteSet(Path.Combine(_folder.Path, "target"), 30, seed: 8, "dots", "stripes");
        var actual = Diagnose(photos.Train, Path.Combine(_folder.Path, "target")).Output.Replace(photos.Train, "photos").Replace(Path.Combine(_folder.Path, "target"), "others");

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, actual);
        Assert.Equal(File.ReadAllText(golden), actual);
    }

    private CliRun Diagnose(string source, string target, params IEnumerable<string> more) =>
        CliRun.Of(["diagnose", "--source", source, "--target", target, "--backbone", photos.Backbone, .. more]);
}
