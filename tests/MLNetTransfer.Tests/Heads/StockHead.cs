using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNetTransfer.Tests.Heads;

/// <summary>The same head fitted by ML.NET's own trainers.</summary>
internal static class StockHead
{
    private const float Tolerance = 1e-9f;

    /// <summary>The probabilities, rows x classes, of standardised features.</summary>
    public static float[] Probabilities(FeatureMatrix features, int[] labels, double[] classWeights, float l2)
    {
        var context = new MLContext(0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Columns);
        var rows = Enumerable.Range(0, features.Rows).Select(i => new Row
        {
            Features = features.Row(i).ToArray(),
            Label = labels[i] == 1,
            Class = labels[i],
            Weight = (float)classWeights[labels[i]],
        }).ToArray();
        var data = context.Data.LoadFromEnumerable(rows, schema);
        var standardised = context.Transforms.NormalizeMeanVariance("Standardised", nameof(Row.Features), rows.Length, fixZero: false).Fit(data).Transform(data);
        if (classWeights.Length == 2)
        {
            var binary = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = nameof(Row.Label),
                FeatureColumnName = "Standardised",
                ExampleWeightColumnName = nameof(Row.Weight),
                L1Regularization = 0,
                L2Regularization = l2,
                OptimizationTolerance = Tolerance,
                NumberOfThreads = 1,
            }).Fit(standardised);
            return [.. binary.Transform(standardised).GetColumn<float>("Probability").SelectMany(p => new[] { 1 - p, p })];
        }
        var keys = context.Data.LoadFromEnumerable(Enumerable.Range(0, classWeights.Length).Select(k => new Key { Class = k }).ToArray());
        var labelled = context.Transforms.Conversion.MapValueToKey("Key", nameof(Row.Class), keyData: keys).Fit(standardised).Transform(standardised);
        var multiclass = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = "Key",
            FeatureColumnName = "Standardised",
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0,
            L2Regularization = l2,
            OptimizationTolerance = Tolerance,
            NumberOfThreads = 1,
        }).Fit(labelled);
        return [.. multiclass.Transform(labelled).GetColumn<float[]>("Score").SelectMany(row => row)];
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
        public int Class { get; set; }
        public float Weight { get; set; }
    }

    private sealed class Key
    {
        public int Class { get; set; }
    }
}
