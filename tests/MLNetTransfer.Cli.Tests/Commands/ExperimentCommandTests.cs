using System.Diagnostics;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class ExperimentCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Experiment_Json_HasTheNamesOfTheContract()
    {
        var run = CliRun.Of("experiment", Write(""" "methods": ["coral"], "scorers": ["entropy", "ensemble"] """), "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(["title", "seeds", "comparisons", "skipped"], CliRun.Names(run.Json));
        var comparison = Assert.Single(run.Json["comparisons"]!.AsArray());
        Assert.Equal(["backbone", "backboneSha256", "cut", "dimensions", "pairs", "entries"], CliRun.Names(comparison));
        Assert.Equal(["source", "target", "sourceImages", "targetImages", "shots", "testImages", "transductive", "aDistance"], CliRun.Names(comparison!["pairs"]![0]));
        Assert.Equal(
            ["none nothing", "coral default", "coral entropy", "auto entropy", "coral ensemble", "auto ensemble", "coral test labels", "auto test labels", "oracle nothing"],
            comparison["entries"]!.AsArray().Select(entry => $"{entry!["method"]} {entry["chosenBy"]}"));
        var coral = comparison["entries"]![1];
        Assert.Equal(["method", "chosenBy", "applied", "accuracy", "interval", "difference", "pValue", "better", "worse", "rank", "pairs"], CliRun.Names(coral));
        Assert.Equal(["accuracy", "interval", "difference", "pValue", "settings"], CliRun.Names(coral!["pairs"]![0]));
        Assert.Equal("coral (Regularisation = 1)", (string?)coral["pairs"]![0]!["settings"]![0]);
        Assert.Equal(24, (int)comparison["pairs"]![0]!["sourceImages"]!);
    }

    [Fact]
    public void Experiment_Table_SaysWhatWasTestedAndHowHyperParametersWereChosen()
    {
        var report = _folder.File("report.html");

        var run = CliRun.Of("experiment", Write(""" "methods": ["coral", "tca"], "scorers": ["entropy"], "title": "Dots <or> stripes" """), "--report", report);

        Assert.Equal(0, run.Code);
        Assert.All(
            ["Dots <or> stripes", "train -> test: 24 labelled, 16 unlabelled, tested on the unlabelled ones (transductive)", "Every method with its default hyper-parameters", "by entropy", "by test labels", "oracle", "McNemar"],
            part => Assert.Contains(part, run.Output));
        var html = File.ReadAllText(report);
        Assert.All(["Dots &lt;or&gt; stripes", "Accuracy with default hyper-parameters", "train -&gt; test", "After ", "transductive", "Backbones"], part => Assert.Contains(part, html));
    }

    [Fact]
    public void Experiment_BegunAgain_PrintsTheSameAndComputesNothing()
    {
        var file = Write(""" "methods": ["coral"] """);
        var first = CliRun.Of("experiment", file, "--json");
        var records = File.ReadAllBytes(Path.ChangeExtension(file, ".results.jsonl"));

        Assert.Equal(first.Output, CliRun.Of("experiment", file, "--json").Output);
        Assert.Equal(records, File.ReadAllBytes(Path.ChangeExtension(file, ".results.jsonl")));
    }

    [Fact]
    public void Experiment_UnreadableImages_AreNamedAndExitWith3()
    {
        Drawings.WriteSet(_folder.File("mine"), 8, seed: 5, "dots", "stripes");
        File.WriteAllText(_folder.File("mine", "dots", "notes.png"), "no picture");

        var run = CliRun.Of("experiment", Write(""" "methods": ["coral"] """, target: "mine"), "--json");

        Assert.Equal(3, run.Code);
        Assert.Contains("notes.png", Assert.Single(run.Messages));
        Assert.EndsWith("notes.png", (string?)run.Json["skipped"]![0]!["path"]);
    }

    [Fact]
    public void Experiment_BadInput_IsRefusedAndNothingIsWritten()
    {
        CliRun.Of("experiment", "nowhere.json").AssertRefused("cannot be read as one");
        CliRun.Of("experiment", Write(""" "methods": ["magic"] """)).AssertRefused("$.methods[0]", "received \"magic\"");
        CliRun.Of("experiment", Write(""" "methods": ["coral"], "cuts": ["nowhere"] """)).AssertRefused("The cuts of tiny are");
        CliRun.Of("experiment", Write(""" "methods": ["coral"], "backbones": ["nowhere.onnx"] """)).AssertRefused("A backbone is 'embedded'");
        var file = Write(""" "methods": ["coral"] """);
        CliRun.Of("experiment", file, "--results", file).AssertRefused("Results overwrite nothing");
        CliRun.Of("experiment", file, "--report", Path.Combine(_folder.Path, "missing", "x.html")).AssertRefused("existing folder");
        Assert.Equal(2, CliRun.Of("experiment").Code);
        Assert.Equal(["x.json"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    /// <summary>The real program, killed amid its records, twice, and begun again.</summary>
    [Fact]
    public void Experiment_Killed_EndsWithTheBytesOfAnUndisturbedRun()
    {
        var file = Write(""" "methods": ["coral", "tca", "jda", "gfk", "sinkhorn", "pseudo-labels"], "scorers": ["iwv", "ensemble"], "seeds": [1, 2] """);
        var records = Path.ChangeExtension(file, ".results.jsonl");
        // Amid the first records, and amid later ones.
        foreach (var bytes in new[] { 700, 14_000 })
        {
            using var process = Start(file);
            while (!process.HasExited && !(File.Exists(records) && new FileInfo(records).Length >= bytes))
                Thread.Sleep(2);
            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }
        var before = Lines(records);

        var resumed = Finish(Start(file));

        Assert.True(Lines(records) > before);
        Assert.Equal(CliRun.Of("experiment", file, "--results", _folder.File("undisturbed.jsonl")).Output, resumed.ReplaceLineEndings("\n"));
        // Each record once, but for those the killed runs were at.
        Assert.InRange(Lines(records) - Lines(_folder.File("undisturbed.jsonl")), 0, 8);
    }

    private static int Lines(string path) => File.ReadAllLines(path).Length;

    private static Process Start(string file) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MLNetTransfer.Cli.dll"), "experiment", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static string Finish(Process process)
    {
        using (process)
        {
            var messages = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, messages.Result);
            return output;
        }
    }

    private string Write(string members, string? target = null)
    {
        string Quoted(string path) => System.Text.Json.JsonSerializer.Serialize(path);
        var backbones = members.Contains("\"backbones\"", StringComparison.Ordinal) ? "" : $""", "backbones": [{Quoted(photos.Backbone)}]""";
        var file = _folder.File("x.json");
        File.WriteAllText(file, $$"""
            {
              "domains": { "train": { "path": {{Quoted(photos.Train)}} }, "test": { "path": {{Quoted(target is null ? photos.Test : target)}} } },
              "pairs": [["train", "test"]], {{members}}{{backbones}}
            }
            """);
        return file;
    }
}
