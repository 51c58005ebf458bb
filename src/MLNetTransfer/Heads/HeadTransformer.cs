using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Affine = Microsoft.ML.Transforms.NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>;

namespace MLNetTransfer.Heads;

/// <summary>
/// Fits the final head and composes it from stock transformers, so that plain ML.NET loads it: Features -> Score, Probability (two
/// classes), PredictedLabel (the name of the class). The optimum is that of ML.NET's own trainers, found some 20 times as fast.
/// </summary>
internal static class HeadTransformer
{
    private const string Standardised = "StandardisedFeatures";
    private const string LabelKey = "LabelKey";
    private const float OptimizationTolerance = 1e-9f;

    public static ITransformer Fit(
        FeatureMatrix features, int[] labels, double[] classWeights, IReadOnlyList<string> names, HeadSelection selection, int seed, int threads = 1,
        CancellationToken cancellation = default)
    {
        int[] rows = [.. Enumerable.Range(0, features.Rows)];
        var design = Design.Folded(new FeatureView(features), rows);
        // What cross-validation fitted to rotated features is of no use here.
        var start = selection.Model is { } found && found.Columns == features.Columns
            ? found.Unfold(design)
            : new double[LinearModel.OutputsFor(names.Count) * (features.Columns + 1)];
        var model = HeadSelection.Fit(design, labels, rows, classWeights, selection.L2, start, OptimizationTolerance, threads, cancellation);
        // Two rows with the mean and the deviation of all of them are all that the normaliser needs.
        var two = new[] { -1, 1 }.Select((sign, i) => new Row
        {
            Features = [.. Enumerable.Range(0, features.Columns).Select(j => (float)(design[j].Mean + sign * design[j].Deviation))],
            Label = i == 1,
            ClassName = names[i],
            Weight = 1,
        });
        return Compose(two, features.Columns, names, selection, seed, model);
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
        return Compose(two, features, names, selection, seed, model);
    }

    /// <summary>The chain around a fitted model; the rows make its normaliser.</summary>
    private static TransformerChain<ITransformer> Compose(
        IEnumerable<Row> rows, int columns, IReadOnlyList<string> names, HeadSelection selection, int seed, LinearModel model)
    {
        var context = new MLContext(seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        var data = context.Data.LoadFromEnumerable(rows, schema);
        var standardise = context.Transforms.NormalizeMeanVariance(Standardised, nameof(Row.Features), 2, fixZero: false).Fit(data);
        var affine = (Affine)standardise.GetNormalizerModelParameters(0);
        var standardised = standardise.Transform(data);
        ITransformer[] head = names.Count == 2
            ? Binary(context, standardised, names, selection, model, affine)
            : Multiclass(context, standardised, names, model, affine);
        var drop = context.Transforms.DropColumns(Standardised).Fit(standardised);
        return new TransformerChain<ITransformer>([standardise, .. head, drop]);
    }

    private static ITransformer[] Binary(MLContext context, IDataView data, IReadOnlyList<string> names, HeadSelection selection, LinearModel model, Affine affine)
    {
        var linear = LinearParts.Binary(context, model, affine, data.Schema, Standardised);
        var scored = linear.Transform(data);
        var calibrator = context.BinaryClassification.Calibrators.Platt(-selection.Calibration.Slope, -selection.Calibration.Offset).Fit(scored);
        var decision = string.Create(CultureInfo.InvariantCulture,
            $"p : p >= {selection.Threshold:F9}f ? {Literal(names[1])} : {Literal(names[0])}");
        return [linear, calibrator, context.Transforms.Expression("PredictedLabel", decision, "Probability").Fit(calibrator.Transform(scored))];
    }

    private static ITransformer[] Multiclass(MLContext context, IDataView data, IReadOnlyList<string> names, LinearModel model, Affine affine)
    {
        // The key data fixes the order of the classes, whatever the order of the images.
        var keys = context.Data.LoadFromEnumerable(names.Select(name => new Name { ClassName = name }).ToArray());
        var labelled = context.Transforms.Conversion.MapValueToKey(LabelKey, nameof(Row.ClassName), keyData: keys).Fit(data).Transform(data);
        var linear = LinearParts.Multiclass(context, model, affine, labelled.Schema, Standardised, LabelKey);
        return [linear, context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(linear.Transform(labelled))];
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
