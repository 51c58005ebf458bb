using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Heads;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Heads;

/// <summary>ML.NET's own model around weights found here.</summary>
public sealed class HeadTransformerTests
{
    private static readonly string[] Names = ["a", "b\"", "c"];
    private static readonly double[] Weights = [1, 2, .5];

    [Theory]
    [InlineData(2, 1f)]
    [InlineData(2, 256f)]
    [InlineData(3, 16f)]
    public void Fit_WeightsTakenOver_IsTheFitOfMLNet(int classes, float l2)
    {
        var (features, labels) = Sample.Overlapping(150, 40, classes, shift: .8, seed: 3);
        var (expected, actual) = (StockHead.Probabilities(features, labels, Weights[..classes], l2), Probabilities(features, Fit(features, labels, classes, l2)));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_WeightsTakenOver_SavesLoadsAndPredictsLikeTheLinearHead(int classes)
    {
        var (features, labels) = Sample.Overlapping(90, 12, classes, shift: 1, seed: 8);
        var transformer = Fit(features, labels, classes, 4);
        using var folder = new TemporaryFolder();
        var context = new MLContext(0);
        context.Model.Save(transformer, View(context, features).Schema, folder.File("head.zip"));

        var loaded = context.Model.Load(folder.File("head.zip"), out _);
        var output = loaded.Transform(View(context, features));
        var linear = LinearHead.FromTransformer(loaded);

        Assert.Equal(Names[..classes], linear.Classes);
        Assert.DoesNotContain(output.Schema, column => column.Name == "StandardisedFeatures");
        var decided = output.GetColumn<string>("PredictedLabel").ToArray();
        var expected = classes == 2
            ? output.GetColumn<float>("Probability").SelectMany(p => new[] { 1 - p, p }).ToArray()
            : [.. output.GetColumn<float[]>("Score").SelectMany(p => p)];
        var actual = Probabilities(features, loaded);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6);
        for (var row = 0; row < features.Rows; row++)
            Assert.Equal(decided[row], linear.Classes[linear.Decide(actual.AsSpan(row * classes, classes))]);
    }

    [Fact]
    public void Fit_WeightsTakenOverWithAConstantFeature_IgnoresIt()
    {
        var (features, labels) = Sample.Overlapping(60, 5, 2, shift: 1, seed: 6);
        var widened = new FeatureMatrix(60, 6, [.. Enumerable.Range(0, 60).SelectMany(row => features.Row(row).ToArray().Append(.1f))]);
        Assert.All(
            Probabilities(features, Fit(features, labels, 2, 4)).Zip(Probabilities(widened, Fit(widened, labels, 2, 4))),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static ITransformer Fit(FeatureMatrix features, int[] labels, int classes, float l2)
    {
        var selection = new HeadSelection(l2, PlattScaling.Identity, .45f);
        return HeadTransformer.Fit(features, labels, Weights[..classes], Names[..classes], selection, seed: 0);
    }

    private static float[] Probabilities(FeatureMatrix features, ITransformer model)
    {
        var head = LinearHead.FromTransformer(model);
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
