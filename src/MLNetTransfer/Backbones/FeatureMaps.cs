using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones;

/// <summary>
/// A network from images to features that also gives out the maps its features are averages of, wherever the graph averages them: by the
/// averages a cut appends, or by its own ones.
/// </summary>
internal sealed class FeatureMaps
{
    private static readonly string[] Rearranging = ["Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Dropout"];

    private readonly Dictionary<string, NodeProto> _producers;
    private readonly ShapeInference _shapes;
    private readonly List<TensorShape> _parts = [];

    private FeatureMaps(ModelProto model, Preprocessing preprocessing, string source)
    {
        var graph = model.Graph;
        var input = ImageInput.Find(graph, preprocessing.Layout, source);
        (InputName, OutputName) = (input.Name, graph.Output.Single().Name);
        _producers = graph.Producers();
        _shapes = ShapeInference.Of(graph, input.Name, input.ShapeOf(preprocessing), input.Layout == TensorLayout.Nhwc, new Dictionary<string, TypeProto.Types.Tensor>());
        Follow(OutputName);
        foreach (var map in _parts.Where(part => part.IsSpatial).Select(part => part.Name).Distinct())
            graph.Output.Add(new ValueInfoProto { Name = map });
        Onnx = OnnxFile.Write(model);
    }

    /// <summary>The graph: its outputs are the features and every map.</summary>
    public byte[] Onnx { get; }

    public string InputName { get; }

    /// <summary>The name of the features.</summary>
    public string OutputName { get; }

    /// <summary>What the features are, in their order: the averages of the channels of maps, or numbers without a place in the image (<see cref="TensorShape.IsSpatial"/> tells).</summary>
    public IReadOnlyList<TensorShape> Parts => _parts;

    /// <summary>Whether every feature is the average of a map.</summary>
    public bool HasOnlyMaps => _parts.TrueForAll(part => part.IsSpatial);

    /// <summary>Finds the maps.</summary>
    /// <param name="onnx">A graph with one output, the features.</param>
    /// <param name="preprocessing">What it takes.</param>
    /// <param name="source">What to call it in messages.</param>
    public static FeatureMaps Of(byte[] onnx, Preprocessing preprocessing, string source) => new(OnnxFile.Parse(onnx, source), preprocessing, source);

    private void Follow(string tensor)
    {
        var start = tensor;
        while (_producers.TryGetValue(tensor, out var node) && node.Input.Count > 0)
        {
            if (PooledFeatures.IsGlobalPool(_shapes, node) && AveragesAll(node))
            {
                var dims = _shapes.Find(node.Input[0])!.Dims;
                var isLast = _shapes.Find(node.Input[0])!.IsChannelsLast;
                var (channels, height, width) = isLast ? (dims[3], dims[1], dims[2]) : (dims[1], dims[2], dims[3]);
                _parts.Add(new TensorShape(node.Input[0], (int)channels, (int)height, (int)width, isLast));
                return;
            }
            if (node.Is("Concat") && node.Input.All(IsRow))
            {
                foreach (var input in node.Input)
                    Follow(input);
                return;
            }
            if (!node.Is(Rearranging) || !IsRow(node.Input[0]))
                break;
            tensor = node.Input[0];
        }
        _parts.Add(new TensorShape(start, _shapes.Find(start) is { } facts ? (int)(facts.Count / ShapeInference.Batch) : 0));
    }

    /// <summary>Whether an image has one list of numbers there, which rearranging leaves in its order.</summary>
    private bool IsRow(string tensor) => _shapes.Find(tensor) is { IsImageData: true, Rank: >= 2 } facts
        && facts.Dims[0] == ShapeInference.Batch && facts.Dims.Skip(1).Count(dimension => dimension > 1) <= 1;

    /// <summary>A window of one place can still leave out the edge of a map.</summary>
    private bool AveragesAll(NodeProto node) =>
        !node.Is("AveragePool") || node.Find("kernel_shape")?.Ints is [var height, var width] && _shapes.Find(node.Input[0])!.Dims is [_, _, var h, var w] && (height, width) == (h, w);
}
