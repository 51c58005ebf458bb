using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class EvaluateCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_TestFolderOfTheTraining_ReproducesItsFigures()
    {
        var run = Run("--data", photos.Test, "--json");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(
            ["images", "accuracy", "accuracyInterval", "auc", "f1", "precision", "recall", "logLoss", "brier", "ece", "confusion", "skipped"],
            CliRun.Names(run.Json));
        var json = run.Json;
        json.Remove("skipped");
        Assert.Equal(photos.Training.Json["test"]!.ToJsonString(), json.ToJsonString());
    }

    [Fact]
    public void Evaluate_Text_ShowsFiguresAndConfusions()
    {
        var run = Run("--data", photos.Test);
        Assert.Equal(0, run.Code);
        Assert.Matches(@"accuracy +[01]\.\d{3}", run.Output);
        Assert.Matches(@"actual \\ predicted +dots +stripes", run.Output);
    }

    [Theory]
    [InlineData("--min-accuracy", "0.5", 0)]
    [InlineData("--min-auc", "0.5", 0)]
    [InlineData("--min-accuracy", "0.9", 1)]
    [InlineData("--min-auc", "0.9", 1)]
    public void Evaluate_Gate_IsTheExitCode(string gate, string least, int code)
    {
        // Four of the sixteen are dots under the wrong name: the figures fall below .9 and stay above .5.
        var manifest = _folder.File("m.csv");
        var images = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllLines(manifest, images.Select((path, i) => $"{path},{(i < 4 ? "stripes" : Path.GetFileName(Path.GetDirectoryName(path)))}"));
        var run = Run("--data", manifest, gate, least, "--json", "--report", _folder.File("report.html"));
        Assert.Equal(code, run.Code);
        Assert.Equal(16, (int?)run.Json["images"]);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(_folder.File("report.html")));
        if (code == 0)
            Assert.Empty(run.Error);
        else
            Assert.StartsWith("Gate not met: ", Assert.Single(run.Messages));
    }

    [Fact]
    public void Evaluate_OneClassOnly_LeavesAucUndefinedAndItsGateNotMet()
    {
        var manifest = _folder.File("m.csv");
        File.WriteAllLines(manifest, Directory.GetFiles(Path.Combine(photos.Test, "dots")).Select(path => $"{path},dots"));
        var run = Run("--data", manifest, "--json");
        Assert.Equal(0, run.Code);
        Assert.Null(run.Json["auc"]);
        Assert.Contains("auc", CliRun.Names(run.Json));
        Assert.Equal(1, Run("--data", manifest, "--min-auc", "0.1").Code);
    }

    [Fact]
    public void Evaluate_UnreadableImages_AreNamedAndExit3UnlessAGateFails()
    {
        Drawings.WriteSet(_folder.Path, 3, seed: 8, "dots", "stripes");
        var bad = _folder.File("dots", "bad.png");
        File.WriteAllText(bad, "no picture");
        var run = Run("--data", _folder.Path, "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal(bad, (string?)Assert.Single(run.Json["skipped"]!.AsArray())!["path"]);
        Assert.StartsWith($"skipped: '{bad}' ", Assert.Single(run.Messages));
        Assert.Equal(6, (int?)run.Json["images"]);
        for (var i = 0; i < 3; i++)
            Drawings.Write(_folder.File("dots", $"{i:000}.png"), "stripes", 50 + i);
        Assert.Equal(1, Run("--data", _folder.Path, "--min-accuracy", "0.9").Code);
    }

    [Fact]
    public void Evaluate_BadInput_IsRefused()
    {
        var before = Snapshot.Of(_folder.Path);
        var report = _folder.File("report.html");
        Run("--data", _folder.File("gone"), "--report", report).AssertRefused("gone' does not exist");
        Run("--data", photos.Test, "--report", photos.Model).AssertRefused("is one of its inputs");
        Run("--data", photos.Test, "--min-accuracy", "95", "--report", report).AssertRefused("from 0 to 1; received 95");
        Run("--data", photos.Test, "--min-auc", "NaN", "--report", report).AssertRefused("from 0 to 1; received NaN");
        Assert.Equal(2, Run("--data", photos.Test, "--min-accuracy", "high").Code);
        Drawings.WriteSet(_folder.File("foreign"), 1, seed: 1, "rings", "dots");
        Run("--data", _folder.File("foreign"), "--report", report).AssertRefused("received 'rings'");
        Directory.Delete(_folder.File("foreign"), recursive: true);
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Theory]
    [InlineData("evaluate", "--data")]
    [InlineData("predict", null)]
    public void EvaluateAndPredict_AlteredModel_AreRefused(string command, string? option)
    {
        var bytes = File.ReadAllBytes(photos.Model);
        var (truncated, altered, text) = (_folder.File("truncated.zip"), _folder.File("altered.zip"), _folder.File("text.zip"));
        File.WriteAllBytes(truncated, bytes[..(bytes.Length / 2)]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(altered, bytes);
        File.WriteAllText(text, "no model");
        foreach (var model in new[] { truncated, altered, text, _folder.File("gone.zip"), _folder.Path })
            CliRun.Of([command, "--model", model, .. option is null ? [] : new[] { option }, photos.Test]).AssertRefused(model);
    }

    private CliRun Run(params string[] args) => CliRun.Of(["evaluate", "--model", photos.Model, .. args]);
}
