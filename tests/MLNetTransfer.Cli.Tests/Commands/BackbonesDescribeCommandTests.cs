using MLNetTransfer.Backbones;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesDescribeCommandTests
{
    private const int TerminalWidth = 80;

    [Fact]
    public void Describe_Embedded_IsTheGoldenText()
    {
        var run = CliRun.Of("backbones", "describe", "embedded");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        var path = Repository.Path("tests", "MLNetTransfer.Cli.Tests", "Golden", "describe-embedded.txt");
        var text = string.Join('\n', run.Output.Split('\n').Select(line => line.TrimEnd()));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void Describe_MobileNetV2_FitsATerminal()
    {
        var run = CliRun.Of("backbones", "describe", Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        Assert.Equal(0, run.Code);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, TerminalWidth));
        Assert.Contains("assumed", run.Output);
        Assert.Matches(@"add_66 +96 x 14 x 14 +96 +417 k +12 % +187 M +62 %", run.Output);
        Assert.Matches(@"last \* +1280 +1280 +2.21 M +63 % +299 M +100 %", run.Output);
    }

    [Fact]
    public void Describe_Json_HasEveryCutAndItsCost()
    {
        var json = CliRun.Of("backbones", "describe", "embedded", "--json").Json;
        Assert.Equal(
            ["name", "sha256", "licence", "input", "preprocessing", "preprocessingIsAssumed", "parameters", "multiplyAdds", "defaultCut", "cuts"],
            CliRun.Names(json));
        Assert.Equal(Backbone.Embedded.Sha256, (string?)json["sha256"]);
        Assert.Equal(Backbone.Embedded.MultiplyAdds, (long)json["multiplyAdds"]!);
        Assert.False((bool)json["preprocessingIsAssumed"]!);
        var cuts = json["cuts"]!.AsArray();
        Assert.Equal(["name", "tensors", "shape", "dimensions", "parameters", "multiplyAdds"], CliRun.Names(cuts[0]));
        Assert.Equal(["channels", "height", "width"], CliRun.Names(cuts[0]!["shape"]));
        Assert.Equal(Backbone.Embedded.Cuts.Select(cut => (cut.Name, cut.MultiplyAdds)), cuts.Select(cut => ((string)cut!["name"]!, (long)cut["multiplyAdds"]!)));
    }

    [Fact]
    public void Describe_LongNames_AreShortenedInTheTableAndGivenInFull()
    {
        using var folder = new TemporaryFolder();
        var name = "a_layer_with_a_name_that_no_table_has_room_for";
        File.WriteAllBytes(folder.File("tiny.onnx"), TinyBackbone.Bytes);
        File.WriteAllText(folder.File("tiny.json"), $$"""{"name":"[bold]tiny","preprocessing":{"side":32},"cuts":[{"name":"{{name}}","tensors":["map"]}]}""");
        var run = CliRun.Of("backbones", "describe", folder.File("tiny.onnx"));
        Assert.Equal(0, run.Code);
        Assert.Contains("name           [bold]tiny", run.Output);
        Assert.Contains($" …_table_has_room_for is {name}\n", run.Output);
        Assert.Contains(" …_table_has_room_for * ", run.Output);
    }

    [Fact]
    public void Describe_NeitherNameNorFile_IsRefused() => CliRun.Of("backbones", "describe", "nowhere.onnx").AssertRefused("nowhere.onnx");

    [Fact]
    public void Describe_FiltersAndActivations_AreWrittenAsPictures()
    {
        using var folder = new TemporaryFolder();
        Drawings.Write(folder.File("photo.png"), "stripes", 4);
        var (filters, maps) = (folder.File("filters.png"), folder.File("maps.png"));
        Assert.Equal(0, CliRun.Of("backbones", "describe", "embedded", "--filters", filters, "--activations", maps, "--image", folder.File("photo.png"), "--cut", "stage2").Code);
        Assert.All([filters, maps], path => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(path)[..4]));
    }

    [Fact]
    public void Describe_PicturesThatCannotBe_AreRefusedAndNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("notes.png"), "notes");
        File.WriteAllBytes(folder.File("tiny.onnx"), TinyBackbone.Bytes);
        var (filters, maps) = (folder.File("filters.png"), folder.File("maps.png"));
        var before = Snapshot.Of(folder.Path);
        Run("--activations", maps).AssertRefused("received one of the two");
        Run("--image", folder.File("notes.png")).AssertRefused("received one of the two");
        Run("--filters", filters, "--activations", maps, "--image", folder.File("notes.png")).AssertRefused("notes.png");
        Run("--filters", Path.Combine(folder.Path, "nowhere", "x.png")).AssertRefused("nowhere");
        Run("--filters", filters, "--activations", filters, "--image", folder.File("notes.png")).AssertRefused("file of its own");
        Run("--activations", folder.File("notes.png"), "--image", folder.File("notes.png")).AssertRefused("overwrite nothing");
        Assert.Equal(before, Snapshot.Of(folder.Path));

        CliRun Run(params string[] args) => CliRun.Of(["backbones", "describe", folder.File("tiny.onnx"), .. args]);
    }
}
