using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Affine = Microsoft.ML.Transforms.NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>;

namespace MLNetTransfer.Heads;

/// <summary>Reads a <see cref="LinearHead"/> out of the stock ML.NET transformers that <see cref="HeadTransformer"/> composes.</summary>
internal static class LinearHeadReader
{
    /// <summary>A question costs ML.NET next to nothing beside asking at all.</summary>
    private const int QuestionsAtOnce = 1024;

    public static LinearHead Read(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ITransformer[] parts = [.. Flatten(model)];
        var affine = parts.OfType<NormalizingTransformer>().LastOrDefault()?.GetNormalizerModelParameters(0) as Affine
            ?? throw NoHead("a mean-variance normaliser");
        foreach (var part in parts.Reverse())
        {
            if (part is IPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> binary)
                return ReadBinary(parts, binary.Model.SubModel, binary.Model.Calibrator, affine);
            if (part is IPredictionTransformer<LinearBinaryModelParameters> uncalibrated)
                return ReadBinary(parts, uncalibrated.Model, null, affine);
            if (part is MulticlassPredictionTransformer<MaximumEntropyModelParameters> multiclass)
                return ReadMulticlass(multiclass, affine);
        }
        throw NoHead("a logistic regression or maximum entropy model");
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static LinearHead ReadBinary(ITransformer[] parts, LinearBinaryModelParameters model, PlattCalibrator? inside, Affine affine)
    {
        // A calibration of its own supersedes the one inside the model. ML.NET's Platt is 1 / (1 + exp(slope x score + offset)).
        var platt = parts.OfType<IPredictionTransformer<PlattCalibrator>>().LastOrDefault()?.Model ?? inside ?? throw NoHead("a calibration");
        var decision = parts.OfType<ExpressionTransformer>().LastOrDefault() ?? throw NoHead("a decision");
        var (negative, positive, threshold) = ReadDecision(decision);
        var (weights, bias) = Fold([.. model.Weights], model.Bias, affine);
        for (var j = 0; j < weights.Length; j++)
            weights[j] *= -platt.Slope;
        string[] classes = [.. new[] { negative, positive }.Order(StringComparer.Ordinal)];
        return new LinearHead(classes, Array.IndexOf(classes, positive), threshold, weights, [-platt.Slope * bias - platt.Offset]);
    }

    private static LinearHead ReadMulticlass(
        MulticlassPredictionTransformer<MaximumEntropyModelParameters> transformer, Affine affine)
    {
        VBuffer<float>[]? rows = null;
        transformer.Model.GetWeights(ref rows, out var count);
        float[] biases = [.. transformer.Model.GetBiases()];
        var folded = Enumerable.Range(0, count).Select(k => Fold([.. rows![k].DenseValues()], biases[k], affine)).ToArray();

        var schema = new DataViewSchema.Builder();
        schema.AddColumn(transformer.FeatureColumnName, transformer.FeatureColumnType);
        VBuffer<ReadOnlyMemory<char>> names = default;
        transformer.GetOutputSchema(schema.ToSchema())["Score"].GetSlotNames(ref names);
        string[] classes = [.. names.DenseValues().Select(name => name.ToString())];
        return new LinearHead(classes, -1, .5f, [.. folded.SelectMany(output => output.Weights)], [.. folded.Select(output => output.Bias)]);
    }

    /// <summary>w (x - offset) scale + b = (w scale) x + (b - sum of w scale offset).</summary>
    private static (double[] Weights, double Bias) Fold(float[] weights, double bias, Affine affine)
    {
        var folded = new double[weights.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            folded[j] = (double)weights[j] * affine.Scale[j];
            if (!affine.Offset.IsDefaultOrEmpty)
                bias -= folded[j] * affine.Offset[j];
        }
        return (folded, bias);
    }

    /// <summary>
    /// ML.NET does not show the expression of a transformer, so it is asked: probabilities 0 and 1 give the names, and dividing the interval
    /// between them, into many parts at once, finds the smallest float decided as positive (floats from 0 to 1 are ordered as their bits).
    /// </summary>
    private static (string Negative, string Positive, float Threshold) ReadDecision(ExpressionTransformer decision)
    {
        var context = new MLContext(0);
        int low = 0, high = BitConverter.SingleToInt32Bits(1);
        var ends = Decide([low, high]);
        if (ends[0] == ends[1])
            throw NoHead("a decision between two classes");
        while (high - low > 1)
        {
            var parts = Math.Min(QuestionsAtOnce, high - low);
            int[] bits = [.. Enumerable.Range(0, parts + 1).Select(i => low + (int)((long)(high - low) * i / parts))];
            var first = Array.IndexOf(Decide(bits), ends[1]);
            (low, high) = (bits[first - 1], bits[first]);
        }
        return (ends[0], ends[1], BitConverter.Int32BitsToSingle(high));

        string[] Decide(int[] bits)
        {
            var view = context.Data.LoadFromEnumerable(bits.Select(value => new ProbabilityRow { Probability = BitConverter.Int32BitsToSingle(value) }).ToArray());
            return [.. decision.Transform(view).GetColumn<string>("PredictedLabel")];
        }
    }

    private static TransferException NoHead(string missing) =>
        new($"A model of this library ends in a head it trained; the model received lacks {missing}. Load a model.zip that this library saved.");

    private sealed class ProbabilityRow
    {
        public float Probability { get; set; }
    }
}
