using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Heads;
using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// An adapted model as an ordinary head over the backbone's features: (x A + a) W + b = x (A W) + (a W + b). Layers with a rectifier become part of the network below it.
/// </summary>
internal static class FoldedHead
{
    /// <summary>The network with the rectified layers of a map behind it; as it is where there are none.</summary>
    public static BackboneCut Network(BackboneCut network, FeatureMap map) => map.Hidden.Layers is [.., var last]
        ? FineTuner.TunedCut(network, OnnxFile.Write(Append(OnnxFile.Parse(network.Onnx, network.Backbone.Name), map)), last.Weights.Columns)
        : network;

    /// <summary>The rectified layers of a map as a network over features; null where there are none.</summary>
    public static ModelProto? Layers(FeatureMap map) => map.Hidden.Layers.Count == 0 ? null : Append(HiddenLayer.Nothing(map.Inputs), map);

    private static ModelProto Append(ModelProto network, FeatureMap map) => map.Hidden.Layers.Aggregate(network, (below, layer) =>
        HiddenLayer.Append(below, [.. layer.Weights.Transposed().Values.ToArray().Select(value => (float)value)], [.. layer.Offset.Select(value => (float)value)]));

    /// <summary>Folds what of a map lies behind its last rectifier, and a linear classifier, into one layer over the features of <see cref="Network"/>.</summary>
    /// <param name="model">What a method made.</param>
    /// <param name="classes">The classes in ordinal order; the second of two is positive.</param>
    /// <param name="probabilities">The honest predictions that are told of it, one row a training image.</param>
    /// <param name="seed">The seed of ML.NET's context.</param>
    /// <exception cref="TransferException">The classifier is not linear.</exception>
    public static TrainedHead Of(AdaptedModel model, IReadOnlyList<string> classes, FeatureMatrix probabilities, int seed)
    {
        if (model.Classifier is not LinearClassifier classifier)
            throw new TransferException("A model file holds layers and a linear classifier over the backbone's features; the method made another classifier. Choose another method.");
        var last = new AffineLayer(classifier.Weights, [.. classifier.Biases]);
        var layer = model.Map.Layers is [.., { IsRectified: false } map] ? map.Then(last) : last;
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
