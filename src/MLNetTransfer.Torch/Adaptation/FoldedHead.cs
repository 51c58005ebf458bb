using MLNetTransfer.Heads;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>An adapted model as an ordinary head over the backbone's features: (x A + a) W + b = x (A W) + (a W + b).</summary>
internal static class FoldedHead
{
    /// <summary>Folds a map and a linear classifier into one layer.</summary>
    /// <param name="model">What a method made.</param>
    /// <param name="classes">The classes in ordinal order; the second of two is positive.</param>
    /// <param name="probabilities">The honest predictions that are told of it, one row a training image.</param>
    /// <param name="seed">The seed of ML.NET's context.</param>
    /// <exception cref="TransferException">The model is no affine map and linear classifier.</exception>
    public static TrainedHead Of(AdaptedModel model, IReadOnlyList<string> classes, FeatureMatrix probabilities, int seed)
    {
        if (model.Classifier is not LinearClassifier classifier || model.Map.Layers is not ([] or [{ IsRectified: false }]))
            throw new TransferException("A model file holds an affine map and a linear classifier over the backbone's features; the method made something else. Choose another method.");
        var last = new AffineLayer(classifier.Weights, [.. classifier.Biases]);
        var layer = model.Map.Layers is [var map] ? map.Then(last) : last;
        var (features, outputs) = (layer.Weights.Rows, LinearModel.OutputsFor(classes.Count));
        var (weights, biases) = (new double[outputs * features], new double[outputs]);
        for (var k = 0; k < outputs; k++)
        {
            // Of two classes, softmax((s0, s1)) is sigmoid(s1 - s0).
            double Of(Func<int, double> value) => outputs == 1 ? value(1) - value(0) : value(k);
            for (var j = 0; j < features; j++)
                weights[(k * features) + j] = Of(output => layer.Weights[j, output]);
            biases[k] = Of(output => layer.Offset[output]);
        }
        var linear = new LinearModel(new FeatureView(new FeatureMatrix(0, features, [])), outputs);
        linear.Take(weights, biases);
        var selection = new HeadSelection(0, PlattScaling.Identity, .5f);
        var transformer = HeadTransformer.Of(linear, features, classes, selection, seed);
        return new TrainedHead(transformer, LinearHead.FromTransformer(transformer), selection, probabilities, []);
    }
}
