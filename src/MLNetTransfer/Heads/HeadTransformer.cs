using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Affine = Microsoft.ML.Transforms.NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>;

namespace MLNetTransfer.Heads;

/// <summary>
/// Fits the final head and composes it from stock transformers, so that plain ML.NET loads it: Features -> Score, Probability (two
/// classes), PredictedLabel (the name of the class). ML.NET's own trainers fit it where they are quick.
/// </summary>
internal static class HeadTransformer
{
    private const string Standardised = "StandardisedFeatures";
    private const string LabelKey = "LabelKey";
    private const float OptimizationTolerance = 1e-9f;

    /// <summary>Images x features x outputs up to which ML.NET fits within a second or so, in which it cannot be interrupted.</summary>
    private const long QuickForMLNet = 1 << 21;

    /// <summary>What handing over an image costs ML.NET, in features.</summary>
    private const int CostOfRow = 256;

    public static ITransformer Fit(
        FeatureMatrix features, int[] labels, double[] classWeights, IReadOnlyList<string> names, HeadSelection selection, int seed, int threads = 1,
        CancellationToken cancellation = default, bool? byMLNet = null)
    {
        var outputs = LinearModel.OutputsFor(names.Count);
        if (byMLNet ?? (long)features.Rows * (features.Columns + CostOfRow) * outputs <= QuickForMLNet)
        {
            var all = Enumerable.Range(0, features.Rows).Select(i => new Row
            {
                Features = features.Row(i).ToArray(),
                Label = labels[i] == 1,
                ClassName = names[labels[i]],
                Weight = (float)classWeights[labels[i]],
            });
            return Compose(all, features.Rows, features.Columns, names, selection, seed, null);
        }
        int[] rows = [.. Enumerable.Range(0, features.Rows)];
        var design = Design.Folded(new FeatureView(features), rows);
        var model = HeadSelection.Fit(
            design, labels, rows, classWeights, selection.L2, new double[outputs * (features.Columns + 1)], OptimizationTolerance, threads, cancellation);
        // Two rows with the mean and the deviation of all of them are all that the normaliser needs.
        var two = new[] { -1, 1 }.Select((sign, i) => new Row
        {
            Features = [.. Enumerable.Range(0, features.Columns).Select(j => (float)(design[j].Mean + sign * design[j].Deviation))],
            Label = i == 1,
            ClassName = names[i],
            Weight = 1,
        });
        return Compose(two, 2, features.Columns, names, selection, seed, model);
    }

    /// <summary>The head of a model that was learnt elsewhere, over features as they are.</summary>
    /// <param name="model">The score of the second of two classes, or of every class.</param>
    /// <param name="features">The number of features.</param>
    /// <param name="names">The names of the classes, the positive one of two second.</param>
    /// <param name="selection">Calibration and threshold.</param>
    /// <param name="seed">The seed of ML.NET's context.</param>
    public static ITransformer Of(LinearModel model, int features, IReadOnlyList<string> names, HeadSelection selection, int seed)
    {
        // Two rows of mean 0 and deviation 1: the normaliser in front changes nothing.
        var two = new[] { -1, 1 }.Select((value, i) => new Row
        {
            Features = [.. Enumerable.Repeat((float)value, features)],
            Label = i == 1,
            ClassName = names[i],
            Weight = 1,
        });
        return Compose(two, 2, features, names, selection, seed, model);
    }

    /// <summary>The chain around a fitted model, or around one that ML.NET fits to the rows.</summary>
    private static TransformerChain<ITransformer> Compose(
        IEnumerable<Row> rows, int count, int columns, IReadOnlyList<string> names, HeadSelection selection, int seed, LinearModel? fitted)
    {
        var context = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        var data = context.Data.LoadFromEnumerable(rows, schema);
        var standardise = context.Transforms.NormalizeMeanVariance(Standardised, nameof(Row.Features), count, fixZero: false).Fit(data);
        var affine = (Affine)standardise.GetNormalizerModelParameters(0);
        var standardised = standardise.Transform(data);
        ITransformer[] head = names.Count == 2
            ? FitBinary(context, standardised, names, selection, fitted, affine)
            : FitMulticlass(context, standardised, names, selection, fitted, affine);
        var drop = context.Transforms.DropColumns(Standardised).Fit(standardised);
        return new TransformerChain<ITransformer>([standardise, .. head, drop]);
    }

    private static ITransformer[] FitBinary(
        MLContext context, IDataView data, IReadOnlyList<string> names, HeadSelection selection, LinearModel? fitted, Affine affine)
    {
        ITransformer model = fitted is null
            ? context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = nameof(Row.Label),
                FeatureColumnName = Standardised,
                ExampleWeightColumnName = nameof(Row.Weight),
                L1Regularization = 0,
                L2Regularization = selection.L2,
                OptimizationTolerance = OptimizationTolerance,
                NumberOfThreads = 1,
            }).Fit(data)
            : LinearParts.Binary(context, fitted, affine, data.Schema, Standardised);
        List<ITransformer> parts = [model];
        var scored = model.Transform(data);
        if (fitted is not null || selection.Calibration != PlattScaling.Identity)
        {
            parts.Add(context.BinaryClassification.Calibrators.Platt(-selection.Calibration.Slope, -selection.Calibration.Offset).Fit(scored));
            scored = parts[1].Transform(scored);
        }
        var decision = string.Create(CultureInfo.InvariantCulture,
            $"p : p >= {selection.Threshold:F9}f ? {Literal(names[1])} : {Literal(names[0])}");
        parts.Add(context.Transforms.Expression("PredictedLabel", decision, "Probability").Fit(scored));
        return [.. parts];
    }

    private static ITransformer[] FitMulticlass(
        MLContext context, IDataView data, IReadOnlyList<string> names, HeadSelection selection, LinearModel? fitted, Affine affine)
    {
        // The key data fixes the order of the classes, whatever the order of the images.
        var keys = context.Data.LoadFromEnumerable(names.Select(name => new Name { ClassName = name }).ToArray());
        var labelled = context.Transforms.Conversion.MapValueToKey(LabelKey, nameof(Row.ClassName), keyData: keys).Fit(data).Transform(data);
        ITransformer model = fitted is null
            ? context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = LabelKey,
                FeatureColumnName = Standardised,
                ExampleWeightColumnName = nameof(Row.Weight),
                L1Regularization = 0,
                L2Regularization = selection.L2,
                OptimizationTolerance = OptimizationTolerance,
                NumberOfThreads = 1,
            }).Fit(labelled)
            : LinearParts.Multiclass(context, fitted, affine, labelled.Schema, Standardised, LabelKey);
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
