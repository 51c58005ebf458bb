using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class AdaptCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Adapt_Json_HasTheNamesOfTheContract()
    {
        var run = Adapt("coral", "--test", photos.Test, "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(
            ["method", "settings", "scorer", "chosen", "targetImages", "shots", "backbone", "cut", "classes", "positive", "images", "skipped", "validation", "test", "sourceOnly", "difference"],
            CliRun.Names(run.Json));
        Assert.Equal("coral", (string?)run.Json["method"]);
        Assert.Null(run.Json["scorer"]);
        Assert.Equal(24, (int)run.Json["images"]!);
        Assert.Equal(16, (int)run.Json["sourceOnly"]!["images"]!);
        Assert.Equal((double)run.Json["test"]!["accuracy"]! - (double)run.Json["sourceOnly"]!["accuracy"]!, (double)run.Json["difference"]!["value"]!, 1e-9);
    }

    [Fact]
    public void Adapt_Scorer_ChoosesAndIsEvaluatedLikeAnyModel()
    {
        var run = Adapt("coral", "--scorer", "entropy", "--json");

        Assert.Equal("entropy", (string?)run.Json["scorer"]);
        Assert.Equal(4, run.Json["candidates"]!.AsArray().Count);
        Assert.DoesNotContain("test", CliRun.Names(run.Json));
        Assert.Equal(0, CliRun.Of("evaluate", "--model", Model, "--data", photos.Test).Code);
        Assert.Contains("\"adaptation\"", File.ReadAllText(Path.Combine(_folder.Path, "model.card.json")));
    }

    [Fact]
    public void Adapt_Auto_ShowsEveryMethodAndTheOraclesChoice()
    {
        var report = _folder.File("report.html");

        var run = Adapt("auto", "--scorer", "entropy", "--test", photos.Test, "--report", report);

        Assert.Equal(0, run.Code);
        Assert.All(["none", "coral", "tca (", "What the adaptation buys", "With the labels of the test images one would have chosen"], part => Assert.Contains(part, run.Output));
        Assert.Contains("What was chosen from", File.ReadAllText(report));
    }

    /// <summary>A hidden layer, or changed layers, in an ordinary model file.</summary>
    [Theory]
    [InlineData("dann")]
    [InlineData("dan", "--fine-tune", "image")]
    [InlineData("adabn", "--fine-tune", "image")]
    public void Adapt_DeepMethod_IsEvaluatedLikeAnyModel(string method, params string[] more)
    {
        var run = Adapt(method, ["--test", photos.Test, "--json", .. more]);

        Assert.Equal(0, run.Code);
        var evaluated = CliRun.Of("evaluate", "--model", Model, "--data", photos.Test, "--json");
        Assert.Equal((double)run.Json["test"]!["accuracy"]!, (double)evaluated.Json["accuracy"]!);
        Assert.Equal((double)run.Json["test"]!["logLoss"]!, (double)evaluated.Json["logLoss"]!, 1e-4);
    }

    [Fact]
    public void Adapt_FineTuneOfAMethodOnFeatures_IsRefused() => Adapt("coral", "--fine-tune", "image").AssertRefused("'coral' works on features");

    [Fact]
    public void Adapt_None_SaysThatNothingIsKnownOfTheTarget() =>
        Assert.Contains("No labelled test images of the target (--test): what the adaptation buys is not known.", Adapt("none").Output);

    [Fact]
    public void Adapt_Shots_AreLearntFrom()
    {
        var shots = Path.Combine(_folder.Path, "shots");
        Drawings.WriteSet(shots, 2, seed: 77, "dots", "stripes");

        var run = Adapt("head-transfer", "--shots", shots, "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal(4, (int)run.Json["shots"]!);
    }

    [Fact]
    public void Adapt_UnreadableImages_AreNamedAndExitWith3()
    {
        File.WriteAllText(_folder.File("target", "notes.png"), "no picture");

        var run = Adapt("none", "--json");

        Assert.Equal(3, run.Code);
        Assert.Contains("notes.png", Assert.Single(run.Messages));
        Assert.EndsWith("notes.png", (string?)run.Json["skipped"]![0]!["path"]);
    }

    [Theory]
    [InlineData("--method", "magic", "coral, domain-classifier")]
    [InlineData("--scorer", "oracle", "circular, dev, ensemble, entropy")]
    [InlineData("--cut", "auto", "Features of one cut")]
    [InlineData("--source", "nowhere", "does not exist")]
    [InlineData("--target", "nowhere", "does not exist")]
    public void Adapt_BadInput_IsRefused(string option, string value, string reason)
    {
        Adapt("none", option, value).AssertRefused(reason);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public void Adapt_UnfitImages_AreRefused()
    {
        var (one, rings) = (Path.Combine(_folder.Path, "one"), Path.Combine(_folder.Path, "rings"));
        Drawings.Write(_folder.File("one", "1.png"), "dots", seed: 77);
        Drawings.WriteSet(rings, 2, seed: 78, "rings", "squares");

        Adapt("none", "--target", one).AssertRefused("2 or more images; received 1");
        Adapt("none", "--target", photos.Train).AssertRefused("Source and target are different images; all 24");
        Adapt("none", "--test", rings).AssertRefused("Test images show classes of the model ('dots', 'stripes'); received 'rings'");
        Adapt("none", "--shots", rings).AssertRefused("Source and target share their classes");
        Adapt("head-transfer").AssertRefused("--shots DIR");
        Assert.False(File.Exists(Model));
    }

    private string Model => Path.Combine(_folder.Path, "model.zip");

    private CliRun Adapt(string method, params string[] more)
    {
        var target = Path.Combine(_folder.Path, "target");
        for (var i = 0; i < 16; i++)
            Drawings.Write(_folder.File("target", $"{i}.png"), i % 2 == 0 ? "dots" : "stripes", seed: 900 + i);
        string[] args = ["adapt", "--source", photos.Train, "--target", target, "--method", method, "--backbone", photos.Backbone, "--out", Model];
        for (var i = 0; i < more.Length; i++)
            if (Array.IndexOf(args, more[i]) is > 0 and var at)
                args[at + 1] = more[++i];
            else
                args = [.. args, more[i]];
        return CliRun.Of(args);
    }
}
