using System.Text.Json.Nodes;
using MLNetTransfer.Backbones.Catalog;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesListCommandTests
{
    [Fact]
    public void List_ForPeople_NamesEveryBackboneInLinesOf80Characters()
    {
        var run = CliRun.Of("backbones", "list");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        var lines = run.Output.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(BackboneCatalog.Entries, entry => Assert.Contains(lines, line => line.Contains($" {entry.Name} ")));
        Assert.Single(lines, line => line.Contains("formula-resnet") && line.Contains("7.0 MB") && line.Contains("MIT") && line.Contains("embedded"));
    }

    [Fact]
    public void List_Json_IsOneDocumentWithEveryFact()
    {
        var json = CliRun.Of("backbones", "list", "--json").Json;
        Assert.Equal(["cache", "backbones"], CliRun.Names(json));
        Assert.Equal(TestCache.Folder, (string?)json["cache"]);
        var backbones = json["backbones"]!.AsArray();
        Assert.Equal(BackboneCatalog.Entries.Select(entry => entry.Name), backbones.Select(backbone => (string)backbone!["name"]!));
        Assert.All(backbones, backbone => Assert.Equal(
            ["name", "aliases", "title", "status", "format", "path", "bytes", "sha256", "licence", "input", "features", "preprocessing", "mirrors", "source", "caution"],
            CliRun.Names(backbone)));
        Assert.Equal("embedded", (string?)backbones[0]!["status"]);
        Assert.Equal(224, (int?)Of(backbones, "resnet18-v2")["preprocessing"]!["side"]);
        Assert.Equal("not fetched", (string?)Of(backbones, "resnet18-v2")["status"]);
        Assert.Null(Of(backbones, "mlnet-inception-v3")["sha256"]);
    }

    [Fact]
    public void List_AFileOfAnotherLength_IsDamaged()
    {
        var entry = BackboneCatalog.Find("inception-v2");
        var path = BackboneCatalog.PathOf(entry, TestCache.Folder);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        Assert.Contains(CliRun.Of("backbones", "list").Output.Split('\n'), line => line.Contains(" inception-v2 ") && line.Contains("damaged"));
        BackbonesFetchCommandTests.Use("features", "inception-v2").AssertRefused(entry.Sha256!, "backbones fetch inception-v2");
    }

    private static JsonNode Of(JsonArray backbones, string name) => Assert.Single(backbones, backbone => (string?)backbone!["name"] == name)!;
}
