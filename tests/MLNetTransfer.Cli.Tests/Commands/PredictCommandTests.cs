using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class PredictCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_Json_IsALineAnImageWithTheNamesOfTheContract()
    {
        var run = Run("--json", photos.Test);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(16, run.JsonLines.Count);
        var paths = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        Assert.Equal(paths, run.JsonLines.Select(line => (string?)line["path"]));
        foreach (var line in run.JsonLines)
        {
            Assert.Equal(["path", "label", "probability", "probabilities"], CliRun.Names(line));
            Assert.Equal(["dots", "stripes"], CliRun.Names(line["probabilities"]));
            Assert.Equal((float?)line["probabilities"]![(string)line["label"]!], (float?)line["probability"]);
        }
    }

    [Fact]
    public void Predict_BadFileBetweenGoodOnes_HasAnErrorLineAndTheOthersStay()
    {
        var good = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var bad = _folder.File("bad.JPG");
        File.WriteAllBytes(bad, File.ReadAllBytes(good[0])[..100]);
        var run = Run("--json", good[0], bad, good[^1]);
        Assert.Equal(3, run.Code);
        Assert.Equal(["path", "error"], CliRun.Names(run.JsonLines[1]));
        Assert.Equal(bad, (string?)run.JsonLines[1]["path"]);
        Assert.NotEmpty((string)run.JsonLines[1]["error"]!);
        Assert.Equal(Run("--json", good[0]).Output, run.JsonLines[0].ToJsonString() + "\n");
        Assert.Equal(Run("--json", good[^1]).Output, run.JsonLines[2].ToJsonString() + "\n");
    }

    [Fact]
    public void Predict_Text_IsALineAnImageWithTheWholePath()
    {
        var (fine, bad) = (_folder.File(new string('a', 120), "[x] 猫.PNG"), _folder.File("bad.png"));
        Drawings.Write(fine, "stripes", 3);
        File.WriteAllBytes(bad, []);
        var run = Run(bad, fine);
        Assert.Equal(3, run.Code);
        Assert.Equal($"    -  error    {bad} is empty", run.Output.Split('\n')[0]);
        Assert.Matches(@"^0\.\d{3}  stripes  /?", run.Output.Split('\n')[1]);
        Assert.EndsWith($"  {fine}", run.Output.Split('\n')[1]);
    }

    [Fact]
    public void Predict_ADirectoryNamedLikeAnImage_IsSearchedLikeAnyOther()
    {
        Drawings.Write(_folder.File("x.jpg", "inside.png"), "dots", 4);
        var line = Assert.Single(Run("--json", _folder.File("x.jpg")).JsonLines);
        Assert.Equal(Path.Combine(_folder.Path, "x.jpg", "inside.png"), (string?)line["path"]);
    }

    [Fact]
    public void Predict_MissingPathOrEmptyFolder_IsRefused()
    {
        Run(photos.Test, _folder.File("gone.png")).AssertRefused("gone.png' does not exist");
        Run(_folder.Path).AssertRefused("holds no file");
    }

    [Fact]
    public void Predict_NoPath_IsWrongUsage()
    {
        var run = Run();
        Assert.Equal(2, run.Code);
        Assert.Equal("'mlnettransfer predict --help' lists what is possible.", run.Messages[^1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cam")]
    [InlineData("occlusion")]
    [InlineData("grad-cam")]
    public void Predict_Explain_WritesAPictureAnImageAndNamesIt(string? by)
    {
        var images = Directory.GetFiles(photos.Test, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(path => path.EndsWith("000.png", StringComparison.Ordinal)).ToArray();
        var bad = _folder.File("bad.png");
        File.WriteAllBytes(bad, []);
        var pictures = Path.Combine(_folder.Path, "new", "pictures");
        var run = Run(["--json", "--explain", pictures, .. by is null ? Array.Empty<string>() : ["--explain-by", by], .. images, bad]);
        Assert.Equal(3, run.Code);
        // Both images are called 000.png.
        string[] expected = [Path.Combine(pictures, "000.explain.png"), Path.Combine(pictures, "000-2.explain.png")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(pictures).Order(StringComparer.Ordinal));
        Assert.Equal(expected, run.JsonLines.Take(2).Select(line => (string?)line["explanation"]));
        Assert.Equal(["path", "label", "probability", "probabilities", "explanation"], CliRun.Names(run.JsonLines[0]));
        Assert.Equal(["path", "error"], CliRun.Names(run.JsonLines[2]));
        Assert.All(expected, path => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(path)[..4]));
    }

    [Fact]
    public void Predict_ExplainIntoAFileOrWithoutAFolder_IsRefused()
    {
        File.WriteAllText(_folder.File("occupied"), "");
        Run("--explain", _folder.File("occupied"), photos.Test).AssertRefused("Explanations are written into a folder", "occupied");
        Run("--explain-by", "cam", photos.Test).AssertRefused("--explain was not given");
        Run("--explain", _folder.File("pictures"), "--explain-at", "map", photos.Test).AssertRefused("--explain-by grad-cam; that was not given");
    }

    [Fact]
    public void Predict_ExplainAtAMap_IsAnotherPictureAndAnUnknownOneIsRefused()
    {
        var image = Directory.GetFiles(photos.Test, "000.png", SearchOption.AllDirectories)[0];
        var last = Explain("last");
        Assert.Equal(last, Explain("map", "--explain-at", "map"));
        Assert.NotEqual(last, Explain("conv", "--explain-at", "conv"));
        Run("--explain", _folder.File("none"), "--explain-by", "grad-cam", "--explain-at", "pool", image).AssertRefused("such as map; received 'pool'");

        string Explain(string name, params string[] at)
        {
            Assert.Equal(0, Run(["--explain", Path.Combine(_folder.Path, name), "--explain-by", "grad-cam", .. at, image]).Code);
            return Convert.ToHexString(File.ReadAllBytes(Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, name)))));
        }
    }

    [Fact]
    public void Predict_ExplainByCamWithoutMaps_IsRefusedBeforeAnythingIsWritten()
    {
        var model = _folder.File("scores.zip");
        Assert.Equal(0, CliRun.Of("train", "--data", photos.Train, "--test", photos.Test, "--backbone", photos.Backbone, "--cut", "output", "--out", model, "--json").Code);
        CliRun.Of("predict", "--model", model, "--explain", _folder.File("pictures"), "--explain-by", "cam", photos.Test).AssertRefused("tiny cut at output", "occlusion");
        Assert.Empty(Directory.GetFiles(_folder.File("pictures")));
        Assert.Equal(0, CliRun.Of("predict", "--model", model, "--explain", _folder.File("pictures"), photos.Test).Code);
        Assert.Equal(16, Directory.GetFiles(_folder.File("pictures")).Length);
    }

    private CliRun Run(params string[] args) => CliRun.Of(["predict", "--model", photos.Model, .. args]);
}
