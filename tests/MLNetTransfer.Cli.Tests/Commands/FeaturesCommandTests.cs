using System.Globalization;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class FeaturesCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Csv => Path.Combine(_folder.Path, "features.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_NetworkWithoutDescription_SaysThatItsPreprocessingIsAssumed()
    {
        File.WriteAllBytes(_folder.File("bare.onnx"), TinyBackbone.Bytes);

        var bare = CliRun.Of("features", "--backbone", _folder.File("bare.onnx"), "--data", photos.Train, "--out", _folder.File("bare.csv"));
        var described = CliRun.Of("features", "--backbone", photos.Backbone, "--data", photos.Train, "--out", _folder.File("described.csv"));

        Assert.Equal((0, 0), (bare.Code, described.Code));
        Assert.Contains("how bare wants its images is assumed", bare.Error);
        Assert.DoesNotContain("assumed", described.Error);
    }

    [Fact]
    public void Features_LabelledFolder_WritesWhatTheExtractorComputes()
    {
        var run = Run(photos.Test);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Output);
        Assert.Equal($"16 images x 8 features in {Csv}.", Assert.Single(run.Messages));
        var lines = File.ReadAllText(Csv).Split('\n');
        Assert.Equal("path,label,f0,f1,f2,f3,f4,f5,f6,f7", lines[0]);
        Assert.Equal("", lines[^1]);
        var paths = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var backbone = Backbone.Load(photos.Backbone);
        using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.DefaultCut));
        var expected = extractor.Extract(paths).Features;
        Assert.Equal(paths.Length, lines.Length - 2);
        for (var row = 0; row < paths.Length; row++)
        {
            var fields = lines[row + 1].Split(',');
            Assert.Equal([paths[row], Path.GetFileName(Path.GetDirectoryName(paths[row]))!], fields[..2]);
            Assert.Equal(expected.Row(row).ToArray(), fields[2..].Select(field => float.Parse(field, CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Features_StrayFileBesideClassFolders_KeepsTheLabels()
    {
        Drawings.WriteSet(_folder.File("data"), 2, seed: 3, "dots", "stripes");
        File.WriteAllText(_folder.File("data", "README.txt"), "about");
        Assert.Equal(0, Run(_folder.File("data")).Code);
        Assert.Equal(["dots", "dots", "stripes", "stripes"], File.ReadLines(Csv).Skip(1).Select(line => line.Split(',')[1]));
    }

    [Fact]
    public void Features_UnlabelledFolder_HasEmptyLabelsAndQuotesWhatNeedsIt()
    {
        var (quoted, bad) = (_folder.File("data", "a, \"b\".png"), _folder.File("data", "bad.png"));
        Drawings.Write(quoted, "dots", 1);
        Drawings.Write(_folder.File("data", "c.png"), "dots", 2);
        File.WriteAllBytes(bad, []);
        var run = Run(_folder.File("data"));
        Assert.Equal(3, run.Code);
        Assert.Equal($"skipped: '{bad}' is empty", run.Messages[0]);
        var lines = File.ReadAllLines(Csv);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"\"{quoted.Replace("\"", "\"\"")}\",,", lines[1]);
        Assert.StartsWith($"{_folder.File("data", "c.png")},,", lines[2]);
    }

    [Fact]
    public void Features_Manifest_GivesItsLabels()
    {
        Drawings.Write(_folder.File("a.png"), "dots", 1);
        File.WriteAllText(_folder.File("m.tsv"), "a.png\tone, two\n");
        Assert.Equal(0, Run(_folder.File("m.tsv")).Code);
        Assert.StartsWith($"{_folder.File("a.png")},\"one, two\",", File.ReadAllLines(Csv)[1]);
    }

    [Fact]
    public void Features_BadInput_IsRefusedAndWritesNothing()
    {
        Run(_folder.File("gone")).AssertRefused("gone");
        Run(_folder.Path).AssertRefused("holds no file");
        Run(photos.Test, "--cut", "stage9").AssertRefused("received 'stage9'");
        File.WriteAllText(Csv, "path,label\n");
        Run(Csv).AssertRefused("is one of its inputs");
        Assert.Equal(Csv, Assert.Single(Directory.GetFileSystemEntries(_folder.Path)));
        Assert.Equal("path,label\n", File.ReadAllText(Csv));
    }

    private CliRun Run(string data, params string[] args) => CliRun.Of(["features", "--backbone", photos.Backbone, "--data", data, "--out", Csv, .. args]);
}
