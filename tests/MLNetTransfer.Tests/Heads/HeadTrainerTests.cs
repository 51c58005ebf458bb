using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Heads;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Heads;

public sealed class HeadTrainerTests
{
    private static readonly HeadOptions Quick = new() { L2Grid = [4, 64, 1024], Folds = 3, ValidationFolds = 4, Seed = 2 };

    [Theory]
    [InlineData(2, "a")]
    [InlineData(2, "b\"\\ ü\n")]
    [InlineData(3, null)]
    public void Train_SavedAndLoaded_GivesTheSameProbabilitiesAsTheLinearHead(int classes, string? positive)
    {
        var (features, labels) = Sample.Overlapping(90, 30, classes, shift: 1, seed: 8);
        string[] names = ["a", "b\"\\ ü\n", "c"];
        var head = HeadTrainer.Train(features, labels, Sample.Singles(90), names[..classes], positive, Quick);
        using var folder = new TemporaryFolder();
        var context = new MLContext(0);
        context.Model.Save(head.Transformer, View(context, features).Schema, folder.File("head.zip"));

        var loaded = context.Model.Load(folder.File("head.zip"), out _);
        var linear = LinearHead.FromTransformer(loaded);
        var output = loaded.Transform(View(context, features));

        Assert.Equal(names[..classes], linear.Classes);
        Assert.Equal(positive, linear.Positive);
        Assert.Equal(head.Linear.Threshold, linear.Threshold);
        Assert.DoesNotContain(output.Schema, column => column.Name == "StandardisedFeatures");
        var decided = output.GetColumn<string>("PredictedLabel").ToArray();
        var expected = classes == 2
            ? output.GetColumn<float>("Probability").Select(p => linear.Positive == linear.Classes[0] ? new[] { p, 1 - p } : [1 - p, p]).ToArray()
            : output.GetColumn<float[]>("Score").ToArray();
        var actual = new float[classes];
        for (var row = 0; row < features.Rows; row++)
        {
            linear.Probabilities(features.Row(row), actual);
            for (var k = 0; k < classes; k++)
                Assert.InRange(actual[k] - expected[row][k], -1e-6, 1e-6);
            Assert.Equal(decided[row], linear.Classes[linear.Decide(actual)]);
        }
    }

    [Fact]
    public void Train_OneAndManyThreads_GivesTheSameHead()
    {
        var (features, labels) = Sample.Overlapping(60, 20, 2, shift: 1, seed: 4);
        var heads = new[] { 1, 2, 4 }.Select(threads => HeadTrainer.Train(features, labels, Sample.Singles(60), ["a", "b"], null,
            new HeadOptions { L2Grid = [4, 64, 1024], Folds = 3, ValidationFolds = 4, Threads = threads })).ToArray();
        foreach (var head in heads[1..])
        {
            Assert.Equal(heads[0].L2, head.L2);
            Assert.Equal(heads[0].Linear.Threshold, head.Linear.Threshold);
            for (var row = 0; row < 60; row++)
                Assert.Equal(heads[0].CrossValidatedProbabilities.Row(row).ToArray(), head.CrossValidatedProbabilities.Row(row).ToArray());
            Assert.Equal(Probabilities(heads[0].Linear, features), Probabilities(head.Linear, features));
        }
    }

    [Fact]
    public void Train_PositiveSwapped_GivesTheSameProbabilitiesPerClass()
    {
        var (features, labels) = Sample.Overlapping(60, 20, 2, shift: 1, seed: 4);
        var first = HeadTrainer.Train(features, labels, Sample.Singles(60), ["a", "b"], "a", Quick);
        var second = HeadTrainer.Train(features, labels, Sample.Singles(60), ["a", "b"], "b", Quick);
        Assert.Equal("a", first.Linear.Positive);
        Assert.All(Probabilities(first.Linear, features).Zip(Probabilities(second.Linear, features)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        Assert.Equal(first.Linear.Threshold, 1 - second.Linear.Threshold, 1e-6f);
        Assert.Equal(first.CrossValidatedDecisions, second.CrossValidatedDecisions);
    }

    [Fact]
    public void Train_RandomLabels_CrossValidatesToChance()
    {
        var (features, _) = Sample.Overlapping(200, 300, 2, shift: 0, seed: 12);
        var random = new Random(1);
        int[] labels = [.. Enumerable.Range(0, 200).Select(_ => random.Next(2))];
        var head = HeadTrainer.Train(features, labels, Sample.Singles(200), ["a", "b"], null, Quick);
        Assert.InRange(Agreement(head.CrossValidatedDecisions, labels), .38, .62);
    }

    [Fact]
    public void Train_ImbalancedClasses_CalibratesToTheirFrequency()
    {
        var (features, all) = Sample.Overlapping(400, 10, 2, shift: 1, seed: 6);
        // Keep every fifth image of class 1: one positive to five negatives.
        int[] rows = [.. Enumerable.Range(0, 400).Where(i => all[i] == 0 || i % 10 == 1)];
        int[] labels = [.. rows.Select(row => all[row])];
        var kept = features.Select(rows);
        var head = HeadTrainer.Train(kept, labels, Sample.Singles(kept.Rows), ["a", "b"], "b", Quick);
        Assert.True(head.IsCalibrated);
        var mean = Enumerable.Range(0, kept.Rows).Average(row => head.CrossValidatedProbabilities.Row(row)[1]);
        Assert.Equal(labels.Average(), mean, .03);
    }

    [Fact]
    public void Train_ConstantColumn_StaysFinite()
    {
        var (features, labels) = Sample.Overlapping(40, 5, 2, shift: 1, seed: 6);
        var values = Enumerable.Range(0, 40).SelectMany(row => features.Row(row).ToArray().Append(.1f)).ToArray();
        var widened = new FeatureMatrix(40, 6, values);
        var head = HeadTrainer.Train(widened, labels, Sample.Singles(40), ["a", "b"], null, Quick);
        Assert.All(Probabilities(head.Linear, widened), probability => Assert.InRange(probability, 0, 1));
    }

    [Fact]
    public void Train_TwoImagesAClass_Works()
    {
        var features = new FeatureMatrix(4, 2, [0, 1, 5, 6, 0, 1.5f, 5, 6.5f]);
        var head = HeadTrainer.Train(features, [0, 1, 0, 1], Sample.Singles(4), ["a", "b"]);
        Assert.Equal([0, 1, 0, 1], head.CrossValidatedDecisions);
    }

    [Fact]
    public void Train_NearDuplicates_NeverVouchForEachOther()
    {
        // Random labels, every image five times: a split through the copies would look nearly perfect.
        var (singles, _) = Sample.Overlapping(60, 100, 2, shift: 0, seed: 12);
        var random = new Random(3);
        int[] once = [.. Enumerable.Range(0, 60).Select(_ => random.Next(2))];
        int[] copies = [.. Enumerable.Range(0, 300).Select(i => i / 5)];
        var head = HeadTrainer.Train(singles.Select(copies), [.. copies.Select(i => once[i])], copies, ["a", "b"], null, Quick);
        Assert.InRange(Agreement(head.CrossValidatedDecisions, [.. copies.Select(i => once[i])]), .25, .75);
    }

    [Fact]
    public void Train_BadInput_SaysWhatIsWrong()
    {
        var (features, labels) = Sample.Overlapping(8, 3, 2, shift: 1, seed: 6);
        var singles = Sample.Singles(8);
        Fails("2 or more classes", () => HeadTrainer.Train(features, new int[8], singles, ["a"]));
        Fails("received 1 of 'b'", () => HeadTrainer.Train(features, [0, 0, 0, 0, 0, 0, 0, 1], singles, ["a", "b"]));
        Fails("received 1 of 'b'", () => HeadTrainer.Train(features, labels, [0, 9, 1, 9, 2, 9, 3, 9], ["a", "b"]));
        Fails("received 0 of 'b'", () => HeadTrainer.Train(features, [0, 0, 1, 0, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1, 2, 3], ["a", "b"]));
        Fails("8 rows, 7 labels", () => HeadTrainer.Train(features, labels[..7], singles, ["a", "b"]));
        Fails("received 2 in row 0", () => HeadTrainer.Train(features, [2, .. labels[1..]], singles, ["a", "b"]));
        Fails("ordinal order", () => HeadTrainer.Train(features, labels, singles, ["b", "a"]));
        Fails("'x'", () => HeadTrainer.Train(features, labels, singles, ["a", "b"], "x"));
        Fails("8 equal rows", () => HeadTrainer.Train(new FeatureMatrix(8, 1, [1, 1, 1, 1, 1, 1, 1, 1]), labels, singles, ["a", "b"]));
        Fails("NaN in row 3", () => HeadTrainer.Train(new FeatureMatrix(8, 1, [1, 2, 3, float.NaN, 1, 1, 1, 1]), labels, singles, ["a", "b"]));
        Fails("Folds must be 2 or more; received 1. ValidationFolds", () => HeadTrainer.Train(features, labels, singles, ["a", "b"], null,
            new HeadOptions { Folds = 1, ValidationFolds = 0 }));
        Fails("L2Grid", () => HeadTrainer.Train(features, labels, singles, ["a", "b"], null, new HeadOptions { L2Grid = [1, 0] }));

        static void Fails(string part, Func<object> train) => Assert.Contains(part, Assert.Throws<TransferException>(train).Message);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        var (features, labels) = Sample.Overlapping(8, 3, 2, shift: 1, seed: 6);
        Assert.Throws<OperationCanceledException>(() =>
            HeadTrainer.Train(features, labels, Sample.Singles(8), ["a", "b"], null, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void FromTransformer_AnotherModel_SaysWhatItLacks()
    {
        var context = new MLContext(0);
        var model = context.Transforms.CopyColumns("Copy", "Features").Fit(View(context, Sample.Twelve));
        Assert.Contains("normaliser", Assert.Throws<TransferException>(() => LinearHead.FromTransformer(model)).Message);
    }

    [Fact]
    public void Train_ManyImages_ValidatesWithFewerFoldsTheSameOnAnyNumberOfThreads()
    {
        var (features, labels) = Sample.Overlapping(20_100, 6, 2, shift: .5, seed: 4);
        var heads = new[] { 1, 3 }.Select(threads => HeadTrainer.Train(features, labels, Sample.Singles(20_100), ["a", "b"], null,
            new HeadOptions { L2Grid = [4, 64, 1024], Threads = threads })).ToArray();
        // Four features part the classes by .5 each, two up and two down, which cancels what all have in common: at best Phi(.5) is right.
        Assert.Equal(.6915, Agreement(heads[0].CrossValidatedDecisions, labels), .015);
        Assert.Equal(heads[0].CrossValidatedDecisions, heads[1].CrossValidatedDecisions);
        Assert.Equal(Probabilities(heads[0].Linear, features), Probabilities(heads[1].Linear, features));
    }

    [Fact]
    public void Train_CancelledInsideAFit_Stops()
    {
        var (features, labels) = Sample.Overlapping(30_000, 200, 2, shift: .1, seed: 4);
        using var source = new CancellationTokenSource(millisecondsDelay: 300);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            HeadTrainer.Train(features, labels, Sample.Singles(30_000), ["a", "b"], null, new HeadOptions { L2Grid = [.001f] }, source.Token));
    }

    private static double Agreement(IReadOnlyList<int> first, IReadOnlyList<int> second) =>
        first.Zip(second).Count(pair => pair.First == pair.Second) / (double)first.Count;

    private static float[] Probabilities(LinearHead head, FeatureMatrix features)
    {
        var values = new float[features.Rows * head.Classes.Count];
        for (var row = 0; row < features.Rows; row++)
            head.Probabilities(features.Row(row), values.AsSpan(row * head.Classes.Count, head.Classes.Count));
        return values;
    }

    private static IDataView View(MLContext context, FeatureMatrix features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Columns);
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, features.Rows).Select(i => new Row { Features = features.Row(i).ToArray() }).ToArray(), schema);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
