using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Experiments;

namespace MLNetTransfer.Torch.Tests.Experiments;

public sealed class ExperimentFileTests : IDisposable
{
    private const string Domains = """ "domains": { "a": { "path": "one" }, "b": { "path": "two", "test": "three", "grey": true, "side": 32 } } """;
    private readonly TemporaryFolder _folder = new();

    public ExperimentFileTests()
    {
        foreach (var name in new[] { "one", "two", "three" })
            Directory.CreateDirectory(_folder.File(name, "x", "y"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TheLeastFile_TakesAllMethodsThatNeedNoTargetLabels()
    {
        var experiment = Read($$"""{ {{Domains}}, "pairs": "all" }""");

        Assert.Equal([("a", "b"), ("b", "a")], experiment.Pairs);
        Assert.Equal("none", experiment.Methods[0].Label);
        Assert.Equal(AdaptationCatalog.Methods.Where(method => !method.NeedsShots).Select(method => method.Name), experiment.Methods.Select(method => method.Label).Order(StringComparer.Ordinal));
        Assert.Equal([1], experiment.Seeds);
        Assert.Empty(experiment.Scorers);
        Assert.Equal(["embedded"], experiment.Backbones);
        Assert.Equal(Path.Combine(_folder.Path, "x.results.jsonl"), experiment.DefaultResults);
        Assert.Equal(Path.Combine(_folder.Path, "three"), experiment.Domains[1].Test);
        Assert.True(experiment.Domains[1] is { Grey: true, Side: 32 });
    }

    [Fact]
    public void Read_Methods_WithHyperParametersAndShots()
    {
        var experiment = Read($$"""
            { {{Domains}}, "pairs": [["a", "b"]], "shots": 3, "seeds": [4, -1], "scorers": ["iwv"], "l2": 0.1, "scaling": "each-domain", "sourcePerClass": 20, // with a comment
              "methods": ["head-transfer", { "name": "coral", "regularisation": 0.1 }, { "name": "tca", "dimensions": 20 }, "coral"] }
            """);

        Assert.Equal(["none", "head-transfer", "coral (Regularisation = 0.1)", "tca (Dimensions = 20, Regularisation = 1)", "coral"], experiment.Methods.Select(method => method.Label));
        Assert.Equal([.1, .01, 10], experiment.Methods[2].Candidates.Select(candidate => ((Coral)candidate).Regularisation));
        Assert.Equal(20, ((TransferComponents)experiment.Methods[3].Candidates[0]).Dimensions);
        Assert.Equal([4, -1], experiment.Seeds);
        Assert.True(experiment is { Shots: 3, L2: .1, Scaling: FeatureScaling.EachDomain, SourcePerClass: 20 });
    }

    [Fact]
    public void Read_Exclude_LeavesMethodsOutOfAll()
    {
        var experiment = Read($$"""{ {{Domains}}, "pairs": "all", "methods": "all", "exclude": ["tca", "sinkhorn"] }""");

        Assert.DoesNotContain(experiment.Methods, method => method.Label is "tca" or "sinkhorn");
        Assert.Contains(experiment.Methods, method => method.Label == "coral");
    }

    [Theory]
    [InlineData("""{ "pairs": "all" }""", "$ of '", "a member 'domains'; received none")]
    [InlineData("""{ D }""", "a member 'pairs'; received none")]
    [InlineData("""{ D, "pairs": "all", "method": [] }""", "$ of '", "title, domains, pairs, classes", "received 'method'")]
    [InlineData("""{ D, "pairs": [["a", "c"]] }""", "$.pairs[0][1]", "a, b", "received \"c\"")]
    [InlineData("""{ D, "pairs": [["a", "a"]] }""", "$.pairs[0]", "two different domains", "[\"a\", \"a\"]")]
    [InlineData("""{ D, "pairs": [["a", "b"], ["a", "b"]] }""", "$.pairs[1]", "each once")]
    [InlineData("""{ D, "pairs": [["a", "b", "a"]] }""", "$.pairs[0]", "two different domains")]
    [InlineData("""{ D, "pairs": [] }""", "$.pairs", "one or more", "received []")]
    [InlineData("""{ D, "pairs": "every" }""", "$.pairs", "'all'", "\"every\"")]
    [InlineData("""{ "domains": { "a": { "path": "one" } }, "pairs": "all" }""", "$.domains", "2 or more domains")]
    [InlineData("""{ "domains": { "a": { "path": "one" }, "b": { "path": "nowhere" } }, "pairs": "all" }""", "$.domains.b.path", "there is nothing at", "\"nowhere\"")]
    [InlineData("""{ "domains": { "a": { "path": "one" }, "b": { "test": "two" } }, "pairs": "all" }""", "$.domains.b of", "a member 'path'")]
    [InlineData("""{ "domains": { "a": { "path": "one" }, "b": { "path": "two", "gray": true } }, "pairs": "all" }""", "$.domains.b", "path, test, labels, grey, side", "received 'gray'")]
    [InlineData("""{ "domains": { "a": { "path": "one" }, "b": { "path": "two", "side": 0 } }, "pairs": "all" }""", "$.domains.b.side", "1 to 4096", "received 0")]
    [InlineData("""{ "domains": { "a": { "path": "one" }, "b": { "path": "two", "grey": "yes" } }, "pairs": "all" }""", "$.domains.b.grey", "true or false", "\"yes\"")]
    [InlineData("""{ D, "pairs": "all", "methods": ["coral", "magic"] }""", "$.methods[1]", "coral, domain-classifier", "received \"magic\"")]
    [InlineData("""{ D, "pairs": "all", "methods": ["coral", "coral"] }""", "$.methods[1]", "not there yet")]
    [InlineData("""{ D, "pairs": "all", "methods": ["head-transfer"] }""", "$.methods[0]", "'shots'")]
    [InlineData("""{ D, "pairs": "all", "methods": [{ "name": "coral", "lambda": 1 }] }""", "$.methods[0]", "name, regularisation", "received 'lambda'")]
    [InlineData("""{ D, "pairs": "all", "methods": [{ "name": "coral", "regularisation": "1" }] }""", "$.methods[0].regularisation", "a number", "received \"1\"")]
    [InlineData("""{ D, "pairs": "all", "methods": [{ "name": "coral", "regularisation": 0 }] }""", "$.methods[0]", "Regularisation is above 0; received 0")]
    [InlineData("""{ D, "pairs": "all", "methods": [{ "name": "tca", "dimensions": 2.5 }] }""", "$.methods[0].dimensions", "whole number", "received 2.5")]
    [InlineData("""{ D, "pairs": "all", "methods": ["coral"], "exclude": ["tca"] }""", "$.exclude", "unless methods is 'all'")]
    [InlineData("""{ D, "pairs": "all", "scorers": ["oracle"] }""", "$.scorers[0]", "circular, dev", "\"oracle\"")]
    [InlineData("""{ D, "pairs": "all", "seeds": [1, 1] }""", "$.seeds[1]", "each once")]
    [InlineData("""{ D, "pairs": "all", "seeds": [1.5] }""", "$.seeds[0]", "a whole number", "received 1.5")]
    [InlineData("""{ D, "pairs": "all", "sourcePerClass": 1 }""", "$.sourcePerClass", "2 or more", "received 1")]
    [InlineData("""{ D, "pairs": "all", "shots": -1 }""", "$.shots", "0 or more", "received -1")]
    [InlineData("""{ D, "pairs": "all", "cuts": ["auto"] }""", "$.cuts[0]", "one cut", "\"auto\"")]
    [InlineData("""{ D, "pairs": "all", "scaling": "both" }""", "$.scaling", "none, source, each-domain", "\"both\"")]
    [InlineData("""{ D, "pairs": "all", "l2": 0 }""", "$.l2", "above 0", "received 0")]
    [InlineData("""{ D, "pairs": "all", "classes": ["x"] }""", "$.classes", "2 or more classes")]
    [InlineData("""{ D, "pairs": "all" """, "cannot be read as one")]
    [InlineData("""{ D, "pairs": "all", "pairs": "all" }""", "cannot be read as one")]
    [InlineData("""[]""", "$ of '", "an object")]
    public void Read_AMistake_IsRefusedWithItsPlace(string text, params string[] parts)
    {
        var message = Assert.Throws<TransferException>(() => Read(text.Replace("D,", Domains + ",").Replace("D }", Domains + "}"))).Message;

        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NoFile_IsRefused() =>
        Assert.Contains("cannot be read as one", Assert.Throws<TransferException>(() => Experiment.Read(Path.Combine(_folder.Path, "nowhere.json"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_TheReadyExperiments_AreWellFormed()
    {
        var files = Directory.GetFiles(Repository.Path("data", "experiments"), "*.json");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.NotEmpty(Experiment.Read(file).Pairs));
    }

    [Fact]
    public void Read_TheOfficeExperiment_HasSixPairs()
    {
        Repository.SharedOrSkip("data", "office-caltech10", "images");

        var experiment = Experiment.Read(Repository.Path("benchmarks", "experiments", "office-caltech10.json"));

        Assert.Equal(6, experiment.Pairs.Count);
        Assert.True(File.Exists(Assert.Single(experiment.Backbones)));
    }

    private Experiment Read(string text)
    {
        File.WriteAllText(_folder.File("x.json"), text);
        return Experiment.Read(_folder.File("x.json"));
    }
}
