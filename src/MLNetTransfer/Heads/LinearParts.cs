using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Affine = Microsoft.ML.Transforms.NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>;

namespace MLNetTransfer.Heads;

/// <summary>
/// Stock ML.NET models of weights that were not found by ML.NET. Their constructors are internal there; what is made this way saves and loads
/// like any other. The version is pinned, and the tests of the head fail when another one changes the constructors.
/// </summary>
internal static class LinearParts
{
    /// <summary>The score of the second of two classes; no probability.</summary>
    public static ITransformer Binary(IHostEnvironment environment, LinearModel model, Affine affine, DataViewSchema input, string features)
    {
        var (weights, bias) = Standardised(model, 0, affine);
        return Transformers<LinearBinaryModelParameters>.Create(environment, Create(environment, in weights, bias, null), input, features, 0, "Score");
    }

    /// <summary>The probabilities of every class.</summary>
    public static ITransformer Multiclass(IHostEnvironment environment, LinearModel model, Affine affine, DataViewSchema input, string features, string label)
    {
        var parts = Enumerable.Range(0, model.Outputs).Select(k => Standardised(model, k, affine)).ToArray();
        var parameters = Create(
            environment, [.. parts.Select(part => part.Weights)], [.. parts.Select(part => part.Bias)], model.Outputs, parts[0].Weights.Length, null, null);
        return Transformers<MaximumEntropyModelParameters>.Create(environment, parameters, input, features, label, "Score", "PredictedLabel");
    }

    /// <summary>The weights for features as the normaliser makes them: w x + b = (w / scale) ((x - offset) scale) + b + sum of w offset.</summary>
    private static (VBuffer<float> Weights, float Bias) Standardised(LinearModel model, int output, Affine affine)
    {
        var folded = model.WeightsOf(output);
        var bias = model.Biases[output];
        var weights = new float[folded.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = affine.Scale[j] == 0 ? 0 : (float)(folded[j] / affine.Scale[j]);
            if (!affine.Offset.IsDefaultOrEmpty)
                bias += folded[j] * affine.Offset[j];
        }
        return (new VBuffer<float>(weights.Length, weights), (float)bias);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern LinearBinaryModelParameters Create(IHostEnvironment env, in VBuffer<float> weights, float bias, ModelStatisticsBase? stats);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern MaximumEntropyModelParameters Create(
        IHostEnvironment env, VBuffer<float>[] weights, float[] bias, int numClasses, int numFeatures, string[]? labelNames, ModelStatisticsBase? stats);

    /// <summary>Generic, because accessors to generic types are found by the same parameters.</summary>
    private static class Transformers<TModel>
        where TModel : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern BinaryPredictionTransformer<TModel> Create(
            IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, float threshold, string thresholdColumn);

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern MulticlassPredictionTransformer<TModel> Create(
            IHostEnvironment env, TModel model, DataViewSchema inputSchema, string featureColumn, string labelColumn, string scoreColumn, string predictedLabel);
    }
}
