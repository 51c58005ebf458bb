using System.Text.Json.Nodes;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Catalog;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones.Catalog;

public sealed class BackboneCatalogTests
{
    private static string[] Files => Directory.GetFiles(Repository.Path("models", "catalog"), "*.json");

    public static TheoryData<string> Names => [.. BackboneCatalog.Entries.Select(entry => entry.Name)];

    [Fact]
    public void Entries_EveryFileOfTheFolder_IsOneNamedAlike() =>
        Assert.Equal(
            Files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
            BackboneCatalog.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Entries_NamesAndFiles_AreUnique()
    {
        var names = BackboneCatalog.Entries.SelectMany(entry => entry.Aliases.Prepend(entry.Name)).ToArray();
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(BackboneCatalog.Entries.Count, BackboneCatalog.Entries.Select(entry => entry.File).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(BackboneCatalog.Entries.Count(entry => entry.Sha256 is not null), BackboneCatalog.Entries.Select(entry => entry.Sha256).OfType<string>().Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Entries_Each_SaysHowItIsHadAndTrusted(string name)
    {
        var entry = BackboneCatalog.Find(name);
        // The sources of an ONNX file state its SHA-256; without one, the entry must say so.
        Assert.True(entry is { Sha256: not null, Bytes: not null } or { Caution: not null, Licence: "not stated" });
        Assert.Equal(entry.Format == BackboneFormat.Onnx ? ".onnx" : ".meta", Path.GetExtension(entry.File));
        Assert.All(entry.Mirrors, mirror => Assert.EndsWith($"/{entry.File}", mirror));
        Assert.Contains(entry.Licence, new[] { "MIT", "Apache-2.0", "not stated" });
        Assert.InRange(entry.Features, 256, 2048);
    }

    // The manifest of the ONNX model zoo, by way of the facts beside the checkout.
    [Fact]
    public void Entries_OfTheZoo_HaveTheBytesAndSha256OfItsManifest()
    {
        var facts = File.ReadAllLines(Repository.SharedOrSkip("models", "README.md")).Where(line => line.Contains(".onnx | ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..6]).ToArray();
        Assert.Equal(10, facts.Length);
        Assert.All(facts, fact =>
        {
            var entry = BackboneCatalog.Find(fact[0]);
            Assert.Equal((fact[2], fact[3]), (entry.Bytes.ToString(), entry.Sha256));
            Assert.EndsWith(fact[1], entry.Mirrors[1]);
            Assert.StartsWith(entry.Input + " ", fact[4]);
        });
    }

    [Fact]
    public void Entries_TheEmbedded_IsTheEmbeddedBackbone()
    {
        var entry = Assert.Single(BackboneCatalog.Entries, entry => entry.Embedded);
        var backbone = BackboneCatalog.Load("embedded", "/nowhere");
        Assert.Same(Backbone.Embedded, backbone);
        Assert.Equal((backbone.Name, backbone.Sha256, backbone.Licence, backbone.Preprocessing, backbone.DefaultCut.Dimensions), (entry.Name, entry.Sha256, entry.Licence, entry.Preprocessing with { ResizeRatio = backbone.Preprocessing.ResizeRatio }, entry.Features));
        Assert.Equal(new FileInfo(Repository.Path("models", entry.File)).Length, entry.Bytes);
        Assert.Equal(CacheState.Embedded, BackboneCatalog.StateOf(entry, "/nowhere"));
    }

    [Theory]
    [InlineData("ResNet50", "resnet50-v2")]
    [InlineData("resnet50-v2-7", "resnet50-v2")]
    [InlineData("ResnetV250", "mlnet-resnet-v2-50")]
    public void Find_AnAliasInAnyCase_IsTheEntry(string alias, string name) => Assert.Equal(name, BackboneCatalog.Find(alias).Name);

    [Theory]
    [InlineData("resnet50v2", "Did you mean 'resnet50-v2'")]
    [InlineData("resnt50-v2", "Did you mean 'resnet50-v2'")]
    [InlineData("mobilenet", "Did you mean 'mobilenet-v2' or 'mlnet-mobilenet-v2'?")]
    [InlineData("densnet-121", "Did you mean 'densenet-121'?")]
    public void Find_AMistypedName_NamesTheNearest(string typed, string message) =>
        Assert.Contains(message, Assert.Throws<TransferException>(() => BackboneCatalog.Find(typed)).Message);

    [Theory]
    [InlineData("x")]
    [InlineData("photo.jpg")]
    [InlineData("../../etc/passwd")]
    public void Suggest_ANameLikeNoOther_SuggestsNothing(string typed) => Assert.Empty(BackboneCatalog.Suggest(typed));

    [Fact]
    public void Load_ABackboneThatWasNotFetched_SaysHowToFetchIt()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<TransferException>(() => BackboneCatalog.Load("resnet50", folder.Path));
        Assert.Contains("'mlnettransfer backbones fetch resnet50-v2'", fault.Message);
        Assert.Contains(BackboneCatalog.PathOf(BackboneCatalog.Find("resnet50"), folder.Path), fault.Message);
    }

    [Fact]
    public void Load_ADamagedFile_IsRefusedWithBothSha256()
    {
        using var folder = new TemporaryFolder();
        var entry = BackboneCatalog.Find("squeezenet");
        File.WriteAllBytes(folder.File("backbones", entry.File), [1, 2, 3]);
        Assert.Equal(CacheState.Damaged, BackboneCatalog.StateOf(entry, folder.Path));
        var fault = Assert.Throws<TransferException>(() => BackboneCatalog.Load("squeezenet", folder.Path));
        Assert.All([entry.Sha256!, Fetching.Hash([1, 2, 3]), "backbones fetch squeezenet-1.1"], part => Assert.Contains(part, fault.Message));
    }

    [Fact]
    public void Load_AFetchedFile_HasTheNameLicenceAndPreprocessingOfItsEntry()
    {
        using var folder = new TemporaryFolder();
        var json = Minimal();
        json["sha256"] = Fetching.Hash(TinyBackbone.Bytes);
        json["preprocessing"] = JsonNode.Parse("""{ "side": 32, "order": "bgr", "layout": "nhwc", "mean": [0.1, 0.2, 0.3] }""");
        json["cuts"] = JsonNode.Parse("""[{ "name": "inner", "tensors": ["map"] }]""");
        File.WriteAllBytes(folder.File("backbones", "net.onnx"), TinyBackbone.Bytes);
        var entry = CatalogEntry.FromJson(json.ToJsonString(), "net.json");
        Assert.Equal(CacheState.Fetched, BackboneCatalog.StateOf(entry, folder.Path));
        var backbone = BackboneCatalog.Load(entry, folder.Path);
        Assert.Equal(("net", "MIT", entry.Sha256, "inner"), (backbone.Name, backbone.Licence, backbone.Sha256, backbone.DefaultCut.Name));
        Assert.Equal(entry.Preprocessing with { Layout = TensorLayout.Nchw }, backbone.Preprocessing);
    }

    [Fact]
    public void FromJson_AMinimalEntry_IsRead()
    {
        var entry = CatalogEntry.FromJson(Minimal().ToJsonString(), "net.json");
        Assert.Equal(("net", BackboneFormat.Onnx, null, null, false), (entry.Name, entry.Format, entry.Bytes, entry.Sha256, entry.Embedded));
        Assert.True(entry.IsCalled("NET"));
    }

    [Theory]
    [InlineData("name", "Net", "lower case")]
    [InlineData("name", "../net", "'../net'")]
    [InlineData("name", "", "a name is")]
    [InlineData("title", " ", "not empty")]
    [InlineData("format", "caffe", "format")]
    [InlineData("file", "a/net.onnx", "'a/net.onnx'")]
    [InlineData("file", "..", "'..'")]
    [InlineData("file", "C:net.onnx", "'C:net.onnx'")]
    [InlineData("sha256", "ABC", "64 lower-case")]
    [InlineData("licence", "", "not empty")]
    [InlineData("mirrors", "http://a.example/net.onnx", "https")]
    [InlineData("mirrors", "net.onnx", "https")]
    [InlineData("mirrors", null, "one or more mirrors")]
    [InlineData("bytes", 0, "bytes are 1")]
    [InlineData("features", 0, "features are 1")]
    [InlineData("size", 1, "size")]
    public void FromJson_AWrongEntry_NamesTheFileAndTheFault(string property, object? value, string message)
    {
        var json = Minimal();
        json[property] = property != "mirrors" ? JsonValue.Create(value) : value is null ? new JsonArray() : new JsonArray((string)value);
        var fault = Assert.Throws<TransferException>(() => CatalogEntry.FromJson(json.ToJsonString(), "net.json"));
        Assert.Contains("net.json", fault.Message);
        Assert.Contains(message, fault.Message);
    }

    [Fact]
    public void FromJson_AMissingProperty_IsNamed()
    {
        foreach (var (property, _) in Minimal())
        {
            var json = Minimal();
            json.Remove(property);
            Assert.Contains(property, Assert.Throws<TransferException>(() => CatalogEntry.FromJson(json.ToJsonString(), "net.json")).Message);
        }
    }

    private static JsonObject Minimal() => JsonNode.Parse("""
        {
          "name": "net", "title": "Net", "format": "onnx", "file": "net.onnx", "licence": "MIT", "mirrors": ["https://a.example/net.onnx"],
          "input": "image", "features": 6, "preprocessing": { "side": 8 }, "source": "test"
        }
        """)!.AsObject();
}
