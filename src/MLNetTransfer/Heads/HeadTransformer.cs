using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNetTransfer.Heads;

/// <summary>
/// Fits the final head with ML.NET's own trainers and composes it from stock transformers, so that plain ML.NET loads it: Features ->
/// Score, Probability (two classes), PredictedLabel (the name of the class).
/// </summary>
internal static class HeadTransformer
{
    private const string Standardised = "StandardisedFeatures";
    private const float OptimizationTolerance = 1e-9f;

    public static ITransformer Fit(FeatureMatrix features, int[] labels, double[] classWeights, IReadOnlyList<string> names, HeadSelection selection, int seed)
    {
        var context = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Columns);
        var rows = Enumerable.Range(0, features.Rows).Select(i => new Row
        {
            Features = features.Row(i).ToArray(),
            Label = labels[i] == 1,
            ClassName = names[labels[i]],
            Weight = (float)classWeights[labels[i]],
        });
        var data = context.Data.LoadFromEnumerable(rows.ToArray(), schema);
        var standardise = context.Transforms.NormalizeMeanVariance(Standardised, nameof(Row.Features), features.Rows, fixZero: false).Fit(data);
        var standardised = standardise.Transform(data);
        ITransformer[] head = names.Count == 2
            ? FitBinary(context, standardised, names, selection)
            : FitMulticlass(context, standardised, names, selection);
        var drop = context.Transforms.DropColumns(Standardised).Fit(standardised);
        return new TransformerChain<ITransformer>([standardise, .. head, drop]);
    }

    private static ITransformer[] FitBinary(MLContext context, IDataView data, IReadOnlyList<string> names, HeadSelection selection)
    {
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = nameof(Row.Label),
            FeatureColumnName = Standardised,
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0,
            L2Regularization = selection.L2,
            OptimizationTolerance = OptimizationTolerance,
            NumberOfThreads = 1,
        });
        List<ITransformer> parts = [trainer.Fit(data)];
        var scored = parts[0].Transform(data);
        if (selection.Calibration != PlattScaling.Identity)
        {
            parts.Add(context.BinaryClassification.Calibrators.Platt(-selection.Calibration.Slope, -selection.Calibration.Offset).Fit(scored));
            scored = parts[1].Transform(scored);
        }
        var decision = string.Create(CultureInfo.InvariantCulture,
            $"p : p >= {selection.Threshold:F9}f ? {Literal(names[1])} : {Literal(names[0])}");
        parts.Add(context.Transforms.Expression("PredictedLabel", decision, "Probability").Fit(scored));
        return [.. parts];
    }

    private static ITransformer[] FitMulticlass(MLContext context, IDataView data, IReadOnlyList<string> names, HeadSelection selection)
    {
        // The key data fixes the order of the classes, whatever the order of the images.
        var keys = context.Data.LoadFromEnumerable(names.Select(name => new Name { ClassName = name }).ToArray());
        var labelled = context.Transforms.Conversion.MapValueToKey("LabelKey", nameof(Row.ClassName), keyData: keys).Fit(data).Transform(data);
        var model = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = "LabelKey",
            FeatureColumnName = Standardised,
            ExampleWeightColumnName = nameof(Row.Weight),
            L1Regularization = 0,
            L2Regularization = selection.L2,
            OptimizationTolerance = OptimizationTolerance,
            NumberOfThreads = 1,
        }).Fit(labelled);
        return [model, context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(labelled))];
    }

    /// <summary>A text constant of ML.NET's expression language.</summary>
    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var character in text)
            literal.Append(char.IsAsciiLetterOrDigit(character) || character == ' ' ? character : $"\\u{(int)character:X4}");
        return literal.Append('"').ToString();
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
        public string ClassName { get; set; } = "";
        public float Weight { get; set; }
    }

    private sealed class Name
    {
        public string ClassName { get; set; } = "";
    }
}
