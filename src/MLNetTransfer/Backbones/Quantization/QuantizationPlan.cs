using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// Which nodes of a folded graph work on 8-bit integers and which tensors are quantised for them. Convolutions do, unless they are to stay float;
/// sums, products, pools and concatenations do where they lie between such nodes, so that ONNX Runtime fuses every
/// dequantise-compute-quantise into one integer operator; all else, above all the pooling of the features, stays float.
/// </summary>
internal sealed class QuantizationPlan
{
    private static readonly string[] Between = ["Add", "Mul", "MaxPool", "AveragePool", "GlobalAveragePool", "Concat", "Sigmoid", "LeakyRelu"];
    private readonly HashSet<NodeProto> _quantised = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, NodeProto> _clamps = [];
    private readonly GraphIndex _index;

    /// <summary>Makes the plan.</summary>
    /// <param name="graph">A graph after <see cref="ConvolutionFolding"/>.</param>
    /// <param name="kept">Tensors that must survive: those at cuts.</param>
    /// <param name="floats">How many convolutions, from the input on, stay float.</param>
    public QuantizationPlan(GraphProto graph, IReadOnlySet<string> kept, int floats)
    {
        _index = new GraphIndex(graph);
        foreach (var node in graph.Node)
            if (IsConvolution(graph, node) ? Convolutions++ >= floats : IsBetweenKind(graph, node))
                _quantised.Add(node);
        foreach (var node in _quantised)
            if (node.Is("Conv", "Add") && !kept.Contains(node.Output[0]) && _index.OnlyReader(node.Output[0]) is { } reader && IsClampFromZero(graph, reader))
                _clamps.Add(node.Output[0], reader);
        while (_quantised.RemoveWhere(node => !node.Is("Conv") && !IsBetween(node)) > 0)
        {
        }
        Nodes = [.. graph.Node.Where(_quantised.Contains)];
        Tensors = [.. Nodes.SelectMany(node => DataInputs(node).Append(ResultOf(node))).Distinct()];
    }

    /// <summary>The number of convolutions that can be quantised, float ones included.</summary>
    public int Convolutions { get; }

    /// <summary>The nodes that compute with integers, input to output.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The tensors that are quantised.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>Whether a node computes with integers.</summary>
    public bool IsQuantised(NodeProto node) => _quantised.Contains(node);

    /// <summary>Whether a node is a ReLU that the range of the quantised tensor before it does for nothing.</summary>
    public bool IsAbsorbed(NodeProto node) =>
        node.Input.Count > 0 && _clamps.TryGetValue(node.Input[0], out var clamp) && clamp == node && IsQuantised(_index.Producer(node.Input[0])!);

    /// <summary>The tensor a quantised node ends up computing: its output, or that of the ReLU it absorbs.</summary>
    public string ResultOf(NodeProto node) => _clamps.TryGetValue(node.Output[0], out var clamp) ? clamp.Output[0] : node.Output[0];

    /// <summary>The tensors of image data a quantised node reads.</summary>
    public static IEnumerable<string> DataInputs(NodeProto node) => node.Is("Conv") ? node.Input.Take(1) : node.Input;

    /// <summary>The tensor whose scale a tensor has: itself, or, behind a maximum pool, the tensor that was pooled.</summary>
    public string ScaledAs(string tensor) =>
        _index.Producer(tensor) is { } node && node.Is("MaxPool") && IsQuantised(node) ? ScaledAs(node.Input[0]) : tensor;

    private static bool IsBetweenKind(GraphProto graph, NodeProto node) =>
        node.Is(Between) && node.Output.Count == 1 && node.Input.All(input => graph.Constant(input) is null);

    private bool IsBetween(NodeProto node)
    {
        var isFed = node.Input.Any(input => _index.Producer(input) is { } producer && IsComputedQuantised(producer));
        return isFed && _index.Readers(ResultOf(node)).Any(IsQuantised);
    }

    private bool IsComputedQuantised(NodeProto producer) => IsQuantised(producer) || IsAbsorbed(producer);

    private static bool IsConvolution(GraphProto graph, NodeProto node) =>
        node.Is("Conv") && graph.Constant(node.Input[1])?.Dims.Count == 4 && graph.Floats(node.Input[1]) is not null
        && (node.Input.Count < 3 || node.Input[2] == "" || graph.Floats(node.Input[2]) is not null);

    /// <summary>A ReLU, or a Clip from 0: what 8-bit integers with a zero point of 0 do by saturating.</summary>
    private static bool IsClampFromZero(GraphProto graph, NodeProto node)
    {
        if (node.Is("Relu"))
            return true;
        if (!node.Is("Clip"))
            return false;
        var low = node.Input.Count > 1 && node.Input[1] != "" ? graph.Floats(node.Input[1])?.FirstOrDefault() : node.Find("min")?.F;
        var isHighConstant = node.Input.Count < 3 || node.Input[2] == "" || graph.Floats(node.Input[2]) is not null;
        return low == 0 && isHighConstant;
    }
}
