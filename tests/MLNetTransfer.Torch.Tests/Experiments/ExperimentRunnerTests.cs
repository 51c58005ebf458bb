using System.Globalization;
using System.Reflection;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Experiments;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.Experiments;

/// <summary>Small experiments on drawn pictures, with a network of eight features.</summary>
[Collection(TorchCollection.Name)]
public sealed class ExperimentRunnerTests : IDisposable
{
    private static readonly Backbone Tiny = Backbone.FromBytes(TinyBackbone.Bytes, new BackboneDescription { Name = "tiny", Preprocessing = Preprocessing.ImageNet(32) }, "tiny.onnx");
    private readonly TemporaryFolder _folder = new();

    public ExperimentRunnerTests()
    {
        Drawings.WriteSet(Folder("one"), 14, seed: 1, "dots", "stripes");
        Drawings.WriteSet(Folder("two"), 12, seed: 2, "dots", "stripes");
        Drawings.WriteSet(Folder("three"), 10, seed: 3, "dots", "stripes");
    }

    private string Results => Folder("x.results.jsonl");

    public void Dispose() => _folder.Dispose();

    /// <summary>The oracle is the method itself, on features extracted and put in order here.</summary>
    [Fact]
    public void Run_HeldOutPart_PredictsWhatTheMethodDoesAndCountsWhatIsRight()
    {
        Write(""" "methods": ["coral"], "pairs": [["one", "two"]] """);
        var (source, target, test) = (Features("one"), Features("two"), Features("three"));
        var problem = new AdaptationProblem(source.Labeled, new UnlabeledFeatures(target.Labeled.Features.Select(ByContent(target.Paths))));
        PairedDifference Expected(AdaptationMethod method) => PairedDifference.Of([.. Right(method, test.Labeled).Zip(Right(new SourceOnly(), test.Labeled), (now, before) => (double)(now - before))]);
        int[] Right(AdaptationMethod method, LabeledFeatures heldOut) => [.. method.Adapt(problem).Labels(heldOut.Features).Zip(heldOut.Labels, (predicted, actual) => predicted == actual ? 1 : 0)];

        var comparison = Assert.Single(Run().Comparisons);

        var pair = Assert.Single(comparison.Pairs);
        Assert.Equal((28, 24, 0, 20, false), (pair.SourceImages, pair.TargetImages, pair.Shots, pair.TestImages, pair.IsTransductive));
        Assert.Equal(Right(new SourceOnly(), test.Labeled).Average(), comparison.Find("none", ExperimentEntry.ByNothing)!.Accuracy, 1e-12);
        Assert.Equal(Right(new Coral(), test.Labeled).Average(), comparison.Find("coral", ExperimentEntry.ByDefault)!.Accuracy, 1e-12);
        Assert.Equal(Expected(new Coral()), comparison.Find("coral", ExperimentEntry.ByDefault)!.Pairs[0].Difference);
        Assert.Equal(new Coral().Candidates.Max(candidate => Right(candidate, test.Labeled).Average()), comparison.Find("coral", ExperimentEntry.ByTestLabels)!.Accuracy, 1e-12);
        var ceiling = new SourceOnly().Adapt(new AdaptationProblem(target.Labeled, new UnlabeledFeatures(test.Labeled.Features))).Labels(test.Labeled.Features);
        Assert.Equal(ceiling.Zip(test.Labeled.Labels).Average(row => row.First == row.Second ? 1d : 0), comparison.Find("oracle", ExperimentEntry.ByNothing)!.Accuracy, 1e-12);
    }

    [Fact]
    public void Run_Scorers_TakeWhatTheSelectorTakes()
    {
        Write(""" "methods": ["coral", "subspace-alignment"], "scorers": ["entropy", "ensemble", "iwv"], "pairs": [["one", "two"]] """);
        var (source, target) = (Features("one"), Features("two"));
        var problem = new AdaptationProblem(source.Labeled, new UnlabeledFeatures(target.Labeled.Features.Select(ByContent(target.Paths))));
        var comparison = Run().Comparisons[0];

        foreach (var scorer in new[] { "entropy", "ensemble", "iwv" })
        {
            AdaptationChoice Choose(params AdaptationMethod[] methods) => AdaptationSelector.Choose(problem, ScorerCatalog.Find(scorer), null, methods);
            Assert.Equal([$"{Choose(new Coral()).Best.Method}"], comparison.Find("coral", scorer)!.Pairs[0].Settings);
            var (auto, chosen) = (Choose(new SourceOnly(), new Coral(), new SubspaceAlignment()), comparison.Find("auto", scorer)!.Pairs[0]);
            Assert.Equal([$"{auto.Best.Method}"], chosen.Settings);
            Assert.Equal(auto.Fallback is null ? 0 : 1, chosen.Unjudged);
        }
    }

    [Fact]
    public void Run_OneOrTwoThreads_SameRecordsAndFigures()
    {
        Write(""" "methods": ["coral", "tca", "sinkhorn", "kmm", "pseudo-labels"], "scorers": ["iwv", "entropy"], "pairs": [["one", "two"], ["two", "one"]], "seeds": [1, 2], "sourcePerClass": 8 """);

        var first = Text(Run(threads: 1));
        var records = Lines();
        File.Delete(Results);

        Assert.Equal(first, Text(Run(threads: 2)));
        Assert.Equal(records, Lines());
    }

    [Fact]
    public void Run_StoppedAndTornAndBegunAgain_EndsWithTheFiguresOfAnUndisturbedRun()
    {
        Write(""" "methods": ["coral", "tca"], "scorers": ["entropy"], "pairs": "all" """);
        var undisturbed = Text(Run());
        var records = Lines();
        File.Delete(Results);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(progress: new Listener(report =>
        {
            if (report.Stage.StartsWith("trying", StringComparison.Ordinal) && report.Done == 9)
                stop.Cancel();
        }), cancellation: stop.Token));
        var kept = File.ReadAllBytes(Results);
        Assert.InRange(Lines().Length, 9, records.Length - 1);
        File.WriteAllBytes(Results, kept[..^25]);
        var computed = 0;

        var resumed = Text(Run(progress: new Listener(report => computed += report.Stage.StartsWith("trying", StringComparison.Ordinal) ? 1 : 0)));

        Assert.Equal(undisturbed, resumed);
        Assert.Equal(records, Lines().Where(line => line.EndsWith('}')).ToArray());
        // One report before the first record, then one a record.
        Assert.InRange(computed - 1, 1, records.Length - 8);
    }

    [Theory]
    [InlineData(""" "seeds": [2] """, true)]
    [InlineData(""" "l2": 0.1 """, true)]
    [InlineData(""" "scaling": "none" """, true)]
    [InlineData(""" "scorers": ["entropy"] """, true)]
    [InlineData(""" "title": "Another one" """, false)]
    public void Run_WhatDeterminesARecordChanged_ItIsComputedAgain(string change, bool isComputed)
    {
        Write(""" "methods": ["coral"], "pairs": [["one", "two"]] """);
        Run();
        var before = Lines().Length;

        Write($""" "methods": ["coral"], "pairs": [["one", "two"]], {change} """);
        Run();

        Assert.Equal(isComputed, Lines().Length > before);
    }

    [Fact]
    public void Run_AnImageOrALabelChanged_IsComputedAgain()
    {
        Write(""" "methods": ["coral"], "pairs": [["one", "two"]] """);
        Run();
        var before = Lines().Length;

        Drawings.Write(Path.Combine(Folder("one"), "dots", "000.png"), "dots", seed: 777);
        Run();
        var changed = Lines().Length;
        File.Move(Path.Combine(Folder("one"), "dots", "000.png"), Path.Combine(Folder("one"), "stripes", "zzz.png"));
        Run();

        Assert.Equal(2 * before, changed);
        Assert.Equal(3 * before, Lines().Length);
    }

    [Fact]
    public void Run_OtherLabelsOfTheTarget_ChangeNoPredictionOfAMethod()
    {
        Write(""" "methods": ["coral", "pseudo-labels"], "scorers": ["iwv"], "pairs": [["one", "two"]] """);
        var before = Run().Comparisons[0];
        var records = Lines();

        // The labels of both parts of the target, turned round.
        foreach (var folder in new[] { Folder("two"), Folder("three") })
        {
            Directory.Move(Path.Combine(folder, "dots"), Path.Combine(folder, "x"));
            Directory.Move(Path.Combine(folder, "stripes"), Path.Combine(folder, "dots"));
            Directory.Move(Path.Combine(folder, "x"), Path.Combine(folder, "stripes"));
        }
        var after = Run().Comparisons[0];

        // Paths, and with them the order of test images, changed; accuracies are those of the opposite labels, and every choice is the same.
        foreach (var entry in before.Entries.Where(entry => entry.Choice is not (ExperimentEntry.ByTestLabels) && entry.Method != "oracle"))
        {
            var turned = after.Find(entry.Method, entry.Choice)!;
            Assert.Equal(1 - entry.Accuracy, turned.Accuracy, 1e-12);
            Assert.Equal(entry.Pairs[0].Settings, turned.Pairs[0].Settings);
        }
        Assert.NotEmpty(records);
    }

    /// <summary>What a method is run with holds labels in one place: the problem, which has the source's and the few shots.</summary>
    [Fact]
    public void CandidateRun_ByItsTypes_IsGivenNoHeldOutLabel()
    {
        var method = typeof(CandidateRun).GetMethod(nameof(CandidateRun.Try))!;

        Assert.Equal(
            [typeof(AdaptationMethod), typeof(AdaptationProblem), typeof(FeatureMatrix), typeof(AdaptationSettings), typeof(IReadOnlyList<AdaptationScorer>), typeof(CancellationToken)],
            method.GetParameters().Select(parameter => parameter.ParameterType));
        Assert.Empty(typeof(CandidateRun).GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public));
        Assert.Equal([typeof(LabeledFeatures), typeof(LabeledFeatures), typeof(UnlabeledFeatures)],
            typeof(AdaptationProblem).GetProperties().Select(property => property.PropertyType).OrderBy(type => type.Name));
        Assert.DoesNotContain(typeof(UnlabeledFeatures).GetProperties(), property => property.PropertyType != typeof(FeatureMatrix));
    }

    [Fact]
    public void Run_Shots_AreLearntFromByTheMethodsThatAskAndTestedOnByNone()
    {
        Write(""" "methods": ["head-transfer", "coral"], "pairs": [["one", "transductive"]], "shots": 3, "seeds": [1, 2] """, """, "transductive": { "path": "two" } """);

        var comparison = Run().Comparisons[0];

        var pair = comparison.Pairs[0];
        Assert.Equal((28, 18, 6, 18, true), (pair.SourceImages, pair.TargetImages, pair.Shots, pair.TestImages, pair.IsTransductive));
        Assert.Equal(1, comparison.Find("head-transfer", ExperimentEntry.ByDefault)!.Applied);
        Assert.Equal(1, comparison.Find(ExperimentRunner.ShotsOnly, ExperimentEntry.ByNothing)!.Applied);
        Assert.Equal(1, comparison.Find(ExperimentRunner.Oracle, ExperimentEntry.ByNothing)!.Applied);
        Assert.Null(comparison.Find(ExperimentRunner.ShotsOnly, ExperimentEntry.ByNothing)!.Rank);
    }

    [Fact]
    public void Run_Shots_TooManyAreRefused()
    {
        Write(""" "methods": ["head-transfer"], "pairs": [["one", "two"]], "shots": 12 """);

        Assert.Contains("received 12 for 'dots', of which 'two' has 12", Assert.Throws<TransferException>(() => Run()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Results));
    }

    /// <summary>The oracle is the network on pictures made grey and small here, by other means.</summary>
    [Fact]
    public void Run_GreyAndSmallDomain_IsSeenAsTheseFilesWouldBe()
    {
        Write(""" "methods": ["coral"], "pairs": [["grey", "two"]] """, """, "grey": { "path": "one", "grey": true } """);
        var there = Text(Run());
        File.Delete(Results);
        foreach (var path in Directory.GetFiles(Folder("one"), "*.png", SearchOption.AllDirectories))
        {
            using var picture = SkiaSharp.SKBitmap.Decode(path);
            for (var y = 0; y < picture.Height; y++)
                for (var x = 0; x < picture.Width; x++)
                {
                    var colour = picture.GetPixel(x, y);
                    var luma = (byte)Math.Round((.299 * colour.Red) + (.587 * colour.Green) + (.114 * colour.Blue));
                    picture.SetPixel(x, y, new SkiaSharp.SKColor(luma, luma, luma));
                }
            using var png = picture.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
            var copy = path.Replace(Folder("one"), Folder("made-grey"));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, png.ToArray());
        }
        Write(""" "methods": ["coral"], "pairs": [["grey", "two"]] """, """, "grey": { "path": "made-grey" } """);

        Assert.Equal(there, Text(Run()));
    }

    [Fact]
    public void Run_Side_ShrinksTheLongestSide()
    {
        var file = Path.Combine(Folder("one"), "dots", "000.png");

        Assert.True(new PictureVariant(false, 24).TryWrite(file, Folder("small.png")));

        using var small = SkiaSharp.SKBitmap.Decode(Folder("small.png"));
        Assert.Equal((24, 24), (small.Width, small.Height));
        Assert.False(new PictureVariant(true, null).TryWrite(Folder("nowhere.png"), Folder("none.png")));
        Assert.False(File.Exists(Folder("none.png")));
    }

    [Fact]
    public void Run_Labels_AskAnotherQuestionOfTheSameImages()
    {
        var lines = Directory.GetFiles(Folder("one"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Index()
            .Select(file => $"one/{Path.GetFileName(Path.GetDirectoryName(file.Item))}/{Path.GetFileName(file.Item)},{(file.Index % 3 == 0 ? "stripes" : "dots")}");
        File.WriteAllText(Folder("labels.csv"), string.Join('\n', lines.Skip(2)) + "\n");
        Write(""" "methods": ["coral"], "pairs": [["one", "new"]] """, """, "new": { "path": "one", "labels": "labels.csv" } """);

        var pair = Run().Comparisons[0].Pairs[0];

        Assert.Equal((28, 26, 26), (pair.SourceImages, pair.TargetImages, pair.TestImages));
    }

    [Fact]
    public void Run_AFileLearntFromAndTestedOn_IsRefused()
    {
        File.Copy(Path.Combine(Folder("one"), "dots", "000.png"), Path.Combine(Folder("three"), "dots", "copy.png"));
        Write(""" "methods": ["coral"], "pairs": [["one", "two"]] """);

        Assert.Contains("No file is both learnt from and tested on", Assert.Throws<TransferException>(() => Run()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Results));
    }

    [Fact]
    public void Run_OtherClasses_AreRefusedUnlessTheFileNamesTheSharedOnes()
    {
        Drawings.WriteSet(Folder("two"), 3, seed: 9, "rings");
        Write(""" "methods": ["coral"], "pairs": [["one", "two"]] """);
        Assert.Contains("received 'rings' in 'two'", Assert.Throws<TransferException>(() => Run()).Message, StringComparison.Ordinal);

        Write(""" "methods": ["coral"], "pairs": [["one", "two"]], "classes": ["dots", "stripes"] """);

        Assert.Equal(24, Run().Comparisons[0].Pairs[0].TargetImages);
    }

    [Fact]
    public void Run_UnreadableImages_AreListedByTheirOwnPath()
    {
        var broken = Path.Combine(Folder("one"), "dots", "broken.png");
        File.WriteAllText(broken, "no picture");
        Write(""" "methods": ["coral"], "pairs": [["grey", "two"]] """, """, "grey": { "path": "one", "grey": true } """);

        Assert.Equal(broken, Assert.Single(Run().Skipped).Path);
    }

    [Fact]
    public void Run_ARefusal_IsNoFigureAndSaysWhy()
    {
        // Of one image of a class no fold can hold one out.
        foreach (var file in Directory.GetFiles(Path.Combine(Folder("two"), "stripes")).Skip(1))
            File.Delete(file);
        Write(""" "methods": ["coral"], "pairs": [["one", "transductive"]] """, """, "transductive": { "path": "two" } """);

        var refused = Run().Comparisons[0].Find(ExperimentRunner.Oracle, ExperimentEntry.ByNothing)!;

        Assert.Equal(0, refused.Applied);
        Assert.True(double.IsNaN(refused.Accuracy));
        Assert.Contains("received 1 of 'stripes'", refused.Pairs[0].Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_RefusedOnOnePair_HasTheMeanOfTheOthers()
    {
        var entry = new ExperimentEntry("coral", ExperimentEntry.ByDefault, [Outcome(.5, 0), new PairOutcome { Refusal = "no" }, Outcome(.8, .1, .01), Outcome(.2, -.3, .04)], 2);

        Assert.Equal(3, entry.Applied);
        Assert.Equal(.5, entry.Accuracy, 1e-12);
        Assert.Equal((1, 1), (entry.Better, entry.Worse));
        // Three pairs are too few for a test over pairs.
        Assert.Null(entry.PValue);
        static PairOutcome Outcome(double accuracy, double difference, double p = 1) => new()
        {
            Accuracy = accuracy,
            AccuracyInterval = new Interval(accuracy, accuracy),
            Difference = new PairedDifference(difference, difference, difference),
            PValue = p,
        };
    }

    [Fact]
    public void Run_Embeds_LaysOutSourceAndTestImagesBeforeAndAfter()
    {
        Write(""" "methods": ["coral", "pseudo-labels"], "pairs": [["one", "two"]] """);

        var result = ExperimentRunner.Run(Experiment.Read(Folder("x.json")), new ExperimentOptions { Backbones = _ => Tiny, Embeds = true });

        // Pseudo-labels move no feature.
        var embedding = result.Comparisons[0].Pairs[0].Embedding!;
        Assert.Equal("coral (Regularisation = 1)", embedding.Method);
        Assert.Equal(48, embedding.Before.Count);
        Assert.Equal(20, embedding.After.Count(image => image.IsTarget));
        Assert.Equal(["dots", "stripes"], embedding.After.Select(image => image.Class).Distinct().Order());
        // CORAL gives the source the target's mean: here that of the unlabelled part, which the test images share but for chance.
        double Apart(IReadOnlyList<EmbeddedImage> images) => Math.Abs(images.Where(image => image.IsTarget).Average(image => image.First) - images.Where(image => !image.IsTarget).Average(image => image.First));
        Assert.True(Apart(embedding.After) < .5, $"{Apart(embedding.After)}");
    }

    private string Folder(string name) => Path.Combine(_folder.Path, name);

    private void Write(string members, string domains = "") => File.WriteAllText(Folder("x.json"),
        $$"""{ "domains": { "one": { "path": "one" }, "two": { "path": "two", "test": "three" }{{domains}} }, {{members}} }""");

    private ExperimentResult Run(int? threads = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default) =>
        ExperimentRunner.Run(Experiment.Read(Folder("x.json")), new ExperimentOptions { Backbones = _ => Tiny, Threads = threads }, progress, cancellation);

    /// <summary>The records in an order that does not depend on threads.</summary>
    private string[] Lines() => [.. File.ReadAllLines(Results).Skip(1).Order(StringComparer.Ordinal)];

    private (LabeledFeatures Labeled, IReadOnlyList<string> Paths) Features(string name)
    {
        var images = ImageSet.Read(Folder(name));
        using var extractor = new BottleneckExtractor(Tiny.CutAt(Tiny.DefaultCut));
        string[] paths = [.. images.Images.Select(image => image.Path)];
        return (new LabeledFeatures(extractor.Extract(paths).Features, images.LabelIndices, images.Classes), paths);
    }

    private static int[] ByContent(IReadOnlyList<string> paths) =>
        [.. paths.Index().OrderBy(path => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path.Item))), StringComparer.Ordinal).Select(path => path.Index)];

    private static string Text(ExperimentResult result) => string.Join('\n', result.Comparisons.SelectMany(comparison => comparison.Entries.Select(entry => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Method} {entry.Choice} {entry.Accuracy:R} {entry.AccuracyInterval} {entry.Difference} {entry.PValue:R} {entry.Rank:R} {string.Join('|', entry.Pairs.SelectMany(pair => pair.Settings))}"))
        .Prepend(string.Join(' ', comparison.Pairs))));

    private sealed class Listener(Action<TransferProgress> listen) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => listen(value);
    }
}
