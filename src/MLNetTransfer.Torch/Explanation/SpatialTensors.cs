using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;
using MLNetTransfer.Images;

namespace MLNetTransfer.Torch.Explanation;

/// <summary>The maps of a network.</summary>
internal static class SpatialTensors
{
    /// <summary>Every tensor that has several channels or one at more than one place of an image, from input to output.</summary>
    /// <param name="graph">A network from images to features.</param>
    /// <param name="preprocessing">What it takes.</param>
    /// <param name="source">What to call it in messages.</param>
    public static IReadOnlyList<TensorShape> Of(GraphProto graph, Preprocessing preprocessing, string source)
    {
        var input = ImageInput.Find(graph, preprocessing.Layout, source);
        var shapes = ShapeInference.Of(graph, input.Name, input.ShapeOf(preprocessing), input.Layout == TensorLayout.Nhwc, new Dictionary<string, TypeProto.Types.Tensor>());
        return [.. graph.Node.SelectMany(node => node.Output).Select(name => Describe(name, shapes.Find(name))).OfType<TensorShape>().Where(map => map.IsSpatial)];
    }

    private static TensorShape? Describe(string name, TensorFacts? facts)
    {
        if (facts is not { IsImageData: true, Rank: 4, Type: TensorFacts.Float } || facts.Dims[0] != ShapeInference.Batch)
            return null;
        int[] sizes = [.. facts.Dims.Skip(1).Select(size => (int)size)];
        return facts.IsChannelsLast ? new TensorShape(name, sizes[2], sizes[0], sizes[1], true) : new TensorShape(name, sizes[0], sizes[1], sizes[2]);
    }
}
