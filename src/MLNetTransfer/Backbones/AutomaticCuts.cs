using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;

namespace MLNetTransfer.Backbones;

/// <summary>
/// Finds where a network without described cuts can be cut: after every layer or block that everything passes through, with its normalisation
/// and activation, at the features that feed the classifier ("last"), and at the logits.
/// </summary>
internal static class AutomaticCuts
{
    private static readonly int[] ImageNetClasses = [1000, 1001];

    /// <summary>The most outputs that are looked at for a classifier.</summary>
    private const int MostOutputs = 16;

    /// <summary>The cuts from input to output.</summary>
    /// <param name="graph">A graph in topological order.</param>
    /// <param name="shapes">What is known of its tensors.</param>
    /// <param name="image">The name of its image input.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="TransferException">There is no place to cut at.</exception>
    public static IReadOnlyList<CutDescription> Find(GraphProto graph, ShapeInference shapes, string image, string source)
    {
        var producers = graph.Producers();
        var outputs = graph.Output.Select(output => WithoutProbabilities(producers, output.Name)).Distinct().Take(MostOutputs).ToList();
        var output = outputs.Find(tensor => PooledFeatures.Find(producers, shapes, tensor) is not null) ?? outputs[0];
        var pooled = PooledFeatures.Find(producers, shapes, output);
        var steps = NetworkStep.Between(graph, shapes, image, output);
        var layers = Layers(steps, shapes).Where(layer => layer.Place is not null).ToList();

        var isClassifier = pooled is not null || layers.Count > 1 && layers[^1].Steps[^1].Tensor == output && EndsInClasses(graph, shapes, layers[^1], output);
        var last = pooled
            ?? (isClassifier ? layers[^2].Place!
            : layers.Count > 0 ? layers[^1].Steps.Select(step => step.Tensor).Last(tensor => IsPlace(shapes, tensor))
            : throw Nowhere(shapes, output, source));
        var logits = isClassifier && IsPlace(shapes, output) ? output : null;

        var names = new CutNames(producers);
        var cuts = new List<CutDescription>();
        for (var i = 0; i < layers.Count && !layers[i].Holds(last) && !(logits is not null && layers[i].Holds(logits)); i++)
            if (!layers[i].IsDepthwise && !IsExpansion(layers, i))
                cuts.Add(Cut(names.Of(layers[i].Place!), layers[i].Place!));
        cuts.Add(Cut(Backbones.Cut.Last, last));
        foreach (var layer in layers.SkipWhile(layer => !layer.Holds(last)).Skip(1).Where(layer => !layer.Holds(output)))
            cuts.Add(Cut(names.Of(layer.Place!), layer.Place!));
        if (logits is not null)
            cuts.Add(Cut(names.Of(logits), logits));
        return cuts;
    }

    private static CutDescription Cut(string name, string tensor) => new() { Name = name, Tensors = [tensor] };

    private static string WithoutProbabilities(IReadOnlyDictionary<string, NodeProto> producers, string tensor)
    {
        while (producers.TryGetValue(tensor, out var node) && node.Is("Softmax", "LogSoftmax", "Sigmoid", "Identity") && node.Input.Count > 0)
            tensor = node.Input[0];
        return tensor;
    }

    /// <summary>Whether what comes out are the scores of classes, where no pooled features feed a linear layer at the end.</summary>
    private static bool EndsInClasses(GraphProto graph, ShapeInference shapes, NetworkLayer layer, string output) =>
        layer.Steps[0].Layers.Any(node => node.OpType is "Gemm" or "MatMul")
        || graph.Output.All(declared => declared.Name != output)
        || ImageNetClasses.Any(classes => shapes.Find(output)?.Count == (long)classes * ShapeInference.Batch);

    private static List<NetworkLayer> Layers(List<NetworkStep> steps, ShapeInference shapes)
    {
        var layers = new List<NetworkLayer>();
        foreach (var step in steps)
            if (step.IsLearnt)
                layers.Add(new NetworkLayer([step], shapes));
            else if (layers.Count > 0)
                layers[^1].Steps.Add(step);
        foreach (var layer in layers)
            layer.Place = layer.FindPlace(tensor => IsPlace(shapes, tensor));
        return layers;
    }

    /// <summary>
    /// Whether a layer only widens what a depthwise convolution filters and a projection narrows again: the inside of an inverted bottleneck
    /// (Sandler et al., "MobileNetV2", CVPR 2018).
    /// </summary>
    private static bool IsExpansion(List<NetworkLayer> layers, int i) =>
        i >= 1 && i + 2 < layers.Count && layers[i].IsOneByOne && layers[i + 1].IsDepthwise && layers[i + 2].IsOneByOne
        && layers[i].Channels > layers[i - 1].Channels && layers[i].Channels > layers[i + 2].Channels;

    private static bool IsPlace(ShapeInference shapes, string tensor) =>
        shapes.Find(tensor) is { Type: TensorFacts.Float, IsImageData: true, Rank: 2 or 4 } facts
        && facts.Dims[0] == ShapeInference.Batch && facts.Dims.All(dimension => dimension is >= 1 and <= int.MaxValue);

    private static TransferException Nowhere(ShapeInference shapes, string output, string source) =>
        new($"A backbone has layers that learnt something between its image and its output; in '{source}' none was found" +
            $"{(shapes.Find(output) is null ? $", because {shapes.Reason(output)}" : "")}. " +
            $"Name the tensors to cut at in '{Path.ChangeExtension(source, ".json")}'.");
}
