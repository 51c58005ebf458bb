using Microsoft.ML;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Adaptation.Scorers;
using MLNetTransfer.Torch.Tests.Adaptation.Mathematics;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>Adaptation from photos of concrete to asphalt, to a model that the core alone serves.</summary>
[Collection(TorchCollection.Name)]
public sealed class AdaptationTrainerTests(AdaptationTrainerTests.Features features) : IClassFixture<AdaptationTrainerTests.Features>, IDisposable
{
    /// <summary>An inner cut: what is tested here does not depend on the network, and a small one saves and loads ten times as fast.</summary>
    private const string Layer = "stage3";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. AdaptationCatalog.Methods.Select(method => method.Name)];

    private AdaptationOptions Options => new() { Cache = features.Cache, Cut = Layer };

    public void Dispose() => _folder.Dispose();

    /// <summary>The oracle is the method itself, on features extracted here: map, then classifier, nothing folded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Train_SavedAndServedByTheCore_PredictsWhatTheMethodDoes(string name)
    {
        var method = AdaptationCatalog.Find(name);
        var problem = Problem(method.NeedsShots);

        AdaptationTrainer.Train(problem, Options with { Method = method }).Transfer.Model.Save(_folder.File("model.zip"));

        var test = Asphalt("test", 6);
        var expected = Unfolded(method, problem).Probabilities(features.Of(test.Paths));
        using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
        foreach (var (row, path) in test.Paths.Index())
            Assert.Equal(expected.Row(row)[1], classifier.Predict(path)["intact"], 1e-5f);
        Assert.Equal(name, classifier.Card.Adaptation!.Method);
        Assert.Null(classifier.Card.Adaptation.Scorer);
        var chain = new MLContext(0).Model.Load(_folder.File("model.zip"), out _);
        Assert.NotNull(chain);
        (chain as IDisposable)?.Dispose();
    }

    [Fact]
    public void Train_ThreeClasses_PredictsWhatTheMethodDoes()
    {
        var plaster = ImageSet.Read(Repository.Path("data", "surfaces", "plaster", "train")).Images.Where(image => image.Label == "intact").Take(8).Select(image => new LabeledImage(image.Path, "plaster"));
        var problem = new TransferProblem(new LabeledDomain("source", new ImageSet([.. Concrete(8).Images.Images, .. plaster])), Asphalt("train", 8).WithoutLabels());

        AdaptationTrainer.Train(problem, Options with { Method = new SubspaceAlignment() }).Transfer.Model.Save(_folder.File("model.zip"));

        var test = Asphalt("test", 4);
        var expected = Unfolded(new SubspaceAlignment(), problem).Probabilities(features.Of(test.Paths));
        using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
        Assert.Equal(["cracked", "intact", "plaster"], classifier.Classes);
        foreach (var (row, path) in test.Paths.Index())
            for (var k = 0; k < 3; k++)
                Assert.Equal(expected.Row(row)[k], classifier.Predict(path)[classifier.Classes[k]], 1e-5f);
    }

    [Theory]
    [InlineData("coral")]
    [InlineData("dann")]
    public void Train_OtherThreadsFoldersAndNamesOfTheTarget_SameBytes(string name)
    {
        var (there, moved) = (Asphalt("train", 8), new List<string>());
        foreach (var (i, image) in there.Images.Images.Index())
            File.Copy(image.Path, _folder.File("moved", image.Label == "intact" ? "cracked" : $"x{i % 3}", $"{(i * 7) % 16}.jpg"));
        string Bytes(UnlabeledDomain target, int threads)
        {
            var model = AdaptationTrainer.Train(
                new TransferProblem(Concrete(8), target), Options with { Method = AdaptationCatalog.Find(name), Scorer = new PredictionEntropy(), Threads = threads, Test = Asphalt("test", 4) });
            model.Transfer.Model.Save(_folder.File("model.zip"));
            return Convert.ToHexString(File.ReadAllBytes(_folder.File("model.zip")));
        }

        var first = Bytes(there.WithoutLabels(), 1);

        Assert.Equal(first, Bytes(there.WithoutLabels(), 2));
        Assert.Equal(first, Bytes(UnlabeledDomain.Read("moved", Path.Combine(_folder.Path, "moved")), 2));
    }

    [Fact]
    public void Train_Test_ComparesWithTheSourceOnTheSameImages()
    {
        var (problem, test) = (Problem(), Asphalt("test", 10));
        EvaluatedImages Served(AdaptationMethod method)
        {
            AdaptationTrainer.Train(problem, Options with { Method = method }).Transfer.Model.Save(_folder.File("model.zip"));
            using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
            return classifier.Evaluate(test.Images);
        }

        var result = AdaptationTrainer.Train(problem, Options with { Method = new Coral(), Test = test });

        Assert.Equal(Served(new Coral()).Result.Accuracy, result.Transfer.Test!.Result.Accuracy);
        Assert.Equal(Served(new SourceOnly()).Result.Accuracy, result.SourceOnly!.Result.Accuracy);
        Assert.Equal(result.Transfer.Test.Result.Accuracy - result.SourceOnly.Result.Accuracy, result.Difference!.Value.Value, 1e-9);
        Assert.Null(result.Choice);
        Assert.Empty(result.Notes);
        Assert.Contains("not adapted", result.Transfer.Model.Card.Adaptation!.Validation, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Auto_TakesWhatTheScorerTakesAndKnowsTheOracleAfterwards()
    {
        var (problem, steps) = (Problem(), new Steps());

        var result = AdaptationTrainer.Train(problem, Options with { Scorer = new NeighbourhoodDensity(), Test = Asphalt("test", 6) }, steps);

        Assert.Equal(result.Choice!.Best.Method, result.Method);
        Assert.Contains(result.Choice.Candidates, candidate => candidate.Method is SourceOnly);
        Assert.Equal(AdaptationCatalog.Methods.Where(method => !method.NeedsShots).Select(method => method.Name), result.Choice.Candidates.Select(candidate => candidate.Method.Name).Distinct());
        Assert.Equal(result.Comparison!.ChosenAccuracy, result.Transfer.Test!.Result.Accuracy, 1e-9);
        Assert.Equal("snd", result.Transfer.Model.Card.Adaptation!.Scorer);
        var candidates = result.Choice.Candidates.Count;
        Assert.Equal(Enumerable.Range(0, candidates + 1).Select(done => new TransferProgress("trying methods", done, candidates)), steps.Of("trying methods"));
        Assert.Equal(Enumerable.Range(0, 6).Select(done => new TransferProgress("cross-validating the source", done, 5)), steps.Of("cross-validating the source"));
    }

    /// <summary>The figures of a hidden layer are those of the model file.</summary>
    [Fact]
    public void Train_HiddenLayerOfADeepMethod_IsMeasuredAsItIsServed()
    {
        var test = Asphalt("test", 10);

        var result = AdaptationTrainer.Train(Problem(), Options with { Method = new DomainAdversarial { Units = 24, Steps = 40 }, Test = test });

        result.Transfer.Model.Save(_folder.File("model.zip"));
        using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
        var served = classifier.Evaluate(test.Images);
        Assert.Equal(served.Result.Accuracy, result.Transfer.Test!.Result.Accuracy);
        for (var row = 0; row < 20; row++)
            Assert.Equal(served.Probabilities.Row(row)[1], result.Transfer.Test.Probabilities.Row(row)[1], 1e-4f);
    }

    /// <summary>Layers of the network change, and the core serves them; on another number of threads they change in the same way.</summary>
    [Theory]
    [InlineData("cdan")]
    [InlineData("adabn")]
    public void Train_FineTune_IsServedAsMeasuredAndTheSameOnAnyNumberOfThreads(string name)
    {
        AdaptationMethod method = name == "adabn" ? new TargetStatistics() : new ConditionalAdversarial { Units = 16, Steps = 5 };
        AdaptationResult Train(int threads) => AdaptationTrainer.Train(Problem(), Options with { Cut = Cut.Last, Method = method, FineTune = "stage3", Test = Asphalt("test", 6), Threads = threads });
        var result = Train(1);
        result.Transfer.Model.Save(_folder.File("model.zip"));
        Train(2).Transfer.Model.Save(_folder.File("again.zip"));

        Assert.Equal(File.ReadAllBytes(_folder.File("model.zip")), File.ReadAllBytes(_folder.File("again.zip")));
        using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
        var served = classifier.Evaluate(Asphalt("test", 6).Images).Probabilities;
        var onFeatures = AdaptationTrainer.Train(Problem(), Options with { Cut = Cut.Last, Method = method, Test = Asphalt("test", 6) }).Transfer.Test!.Probabilities;
        var measured = result.Transfer.Test!.Probabilities;
        for (var row = 0; row < 12; row++)
            Assert.Equal(measured.Row(row)[1], served.Row(row)[1], 1e-5f);
        Assert.Contains(Enumerable.Range(0, 12), row => Math.Abs(measured.Row(row)[1] - onFeatures.Row(row)[1]) > 1e-3);
        Assert.EndsWith("layers above 'stage3' too", classifier.Card.Adaptation!.Settings, StringComparison.Ordinal);
    }

    /// <summary>What AdaBN promises: on the target every convolution gives each channel the mean and deviation it had on the source. The means of the last stage are checked against the pooled features.</summary>
    [Fact]
    public void Train_FineTuneByTargetStatistics_GivesEveryChannelTheSourcesStatistics()
    {
        var (problem, backbone, method) = (Problem(), Backbone.Embedded, new TargetStatistics());
        var network = backbone.CutAt(backbone.FindCut(Cut.Last));
        using var all = new BottleneckExtractor(network, cache: features.Cache);
        var images = DomainImages.Read(problem, null, all, null, default);
        var layers = new AdaptableLayers(network, "stage2", 2, null);

        var adapted = method.AdaptLayers(layers, images, method.Adapt(images.Problem), new AdaptationSettings(), default);

        ModelProto before = OnnxFile.Parse(network.Onnx, "before"), after = OnnxFile.Parse(adapted.Network.Onnx, "after");
        string[] tensors = [.. layers.Split(network).Upper.Where(node => node.OpType == "Conv").Select(node => node.Output[0])];
        ChannelStatistics[] Of(ModelProto model, IReadOnlyList<string> paths, params string[] some) => ChannelStatistics.Of(model, some, backbone.Preprocessing, paths, 2, default);
        var source = Of(before, problem.Source.Paths, tensors);
        var (target, untouched) = (Of(after, problem.Target.Paths, tensors), Of(before, problem.Target.Paths, tensors));
        Assert.True(tensors.Length >= 8);
        for (var i = 0; i < tensors.Length; i++)
        {
            Waves.AssertEqual(source[i].Means, target[i].Means, 1e-3);
            Waves.AssertEqual(source[i].Deviations, target[i].Deviations, 1e-3);
        }
        Assert.True(source[0].Means.Zip(untouched[0].Means, (a, b) => Math.Abs(a - b)).Max() > .01);

        var stage4 = backbone.FindCut("stage4");
        using var extractor = new BottleneckExtractor(backbone.CutAt(stage4));
        var pooled = MatrixTests.Of(extractor.Extract(problem.Source.Paths).Features).ColumnMeans();
        Waves.AssertEqual(pooled, Of(before, problem.Source.Paths, stage4.Tensors[0])[0].Means, 1e-3);
    }

    [Fact]
    public void Train_FineTuneOfWhatCannotBe_IsRefusedWithTheReason()
    {
        AdaptationOptions With(AdaptationMethod? method, string cut) => new() { Method = method, FineTune = cut };
        Refused("'coral' works on features; layers of the network were to be adapted with them. Leave FineTune (--fine-tune) out, or choose one of adabn, cdan, dan, dann, deep-coral, mcc.", Problem(), With(new Coral(), "stage3"));
        Refused("Name a method (--method) and no scorer", Problem(), With(null, "stage3"));
        Refused("Name a method (--method) and no scorer", Problem(), With(new DomainAdversarial(), "stage3") with { Scorer = new PredictionEntropy() });
        Refused("the features are those of 'stage4', so that there are none", Problem(), With(new DomainAdversarial(), "stage4") with { Cut = "stage4" });
        Refused("adapted above a cut of one tensor; 'all' has ", Problem(), With(new DomainAdversarial(), "all"));
    }

    [Fact]
    public void Train_TargetAmongTheTestsAndOneClassPredicted_SaysBoth()
    {
        var test = Asphalt("train", 4);

        var result = AdaptationTrainer.Train(Problem(), Options with { Method = new SourceOnly(), Test = test });

        Assert.Equal(2, result.Notes.Count);
        Assert.StartsWith("8 of 8 test images", result.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("All 20 images of the target are predicted as 'cracked'", result.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Train_BadProblems_AreRefused()
    {
        var (concrete, asphalt) = (Concrete(8), Asphalt("train", 8));
        Refused("2 or more images; received 1", new TransferProblem(concrete, new UnlabeledDomain("target", asphalt.Paths.Take(1))));
        Refused("Source and target are different images; all 16", new TransferProblem(concrete, concrete.WithoutLabels()));
        Refused("No file is both trained on and tested on", new TransferProblem(concrete, asphalt.WithoutLabels()), new AdaptationOptions { Method = new SourceOnly(), Test = concrete });
        Refused("No image is both learnt from and tested on", new TransferProblem(concrete, asphalt.WithoutLabels(), asphalt), new AdaptationOptions { Method = new SourceOnly(), Test = asphalt });
        Refused("received 'rings'", Problem(), new AdaptationOptions { Method = new SourceOnly(), Test = new LabeledDomain("test", new ImageSet(asphalt.Images.Images.Select(image => new LabeledImage(image.Path, "rings")))) });
        Refused("Features of one cut", Problem(), new AdaptationOptions { Cut = "auto" });
        Refused("received none. Give some (--shots DIR)", Problem(), Options with { Method = new HeadTransfer() });
    }

    private static void Refused(string reason, TransferProblem problem, AdaptationOptions? options = null) =>
        Assert.Contains(reason, Assert.Throws<TransferException>(() => AdaptationTrainer.Train(problem, options)).Message, StringComparison.Ordinal);

    private static TransferProblem Problem(bool hasShots = false) => new(Concrete(12), Asphalt("train", 10).WithoutLabels(), hasShots ? Asphalt("train", 3) : null);

    private static LabeledDomain Concrete(int ofClass) => Take("source", ofClass, "concrete");

    private static LabeledDomain Asphalt(string part, int ofClass) => Take("target", ofClass, "asphalt", part);

    private static LabeledDomain Take(string name, int ofClass, params string[] folder) => new(name, new ImageSet(
        ImageSet.Read(Repository.Path(["data", "surfaces", .. folder])).Images.GroupBy(image => image.Label).SelectMany(same => same.Take(ofClass))));

    private AdaptedModel Unfolded(AdaptationMethod method, TransferProblem problem)
    {
        LabeledFeatures Of(LabeledDomain domain) => new(features.Of(domain.Paths), domain.Images.LabelIndices, domain.Images.Classes);
        var target = problem.Target.Paths.OrderBy(path => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), StringComparer.Ordinal);
        return method.Adapt(new AdaptationProblem(Of(problem.Source), new UnlabeledFeatures(features.Of([.. target])), problem.Shots is null ? null : Of(problem.Shots)));
    }

    private sealed class Steps : IProgress<TransferProgress>
    {
        private readonly List<TransferProgress> _reports = [];

        public IEnumerable<TransferProgress> Of(string stage) => _reports.Where(report => report.Stage == stage);

        public void Report(TransferProgress value) => _reports.Add(value);
    }

    /// <summary>The features of every photo, computed once for the tests of the class.</summary>
    public sealed class Features : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly BottleneckExtractor _extractor;

        public Features()
        {
            Cache = new FeatureCache(_folder.Path, warning => throw new InvalidOperationException(warning));
            _extractor = new BottleneckExtractor(Backbone.Embedded.CutAt(Backbone.Embedded.FindCut(Layer)), cache: Cache);
        }

        public FeatureCache Cache { get; }

        public FeatureMatrix Of(IReadOnlyList<string> paths) => _extractor.Extract(paths).Features;

        public void Dispose()
        {
            _extractor.Dispose();
            Cache.Dispose();
            _folder.Dispose();
        }
    }
}
