namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Counts the weights and the multiply-adds of everything at or below tensors; each node and each weight once.</summary>
internal sealed class WorkBelow(IReadOnlyDictionary<string, NodeProto> producers, ShapeInference shapes)
{
    private readonly HashSet<string> _tensors = [];
    private readonly HashSet<string> _weights = [];
    private readonly HashSet<NodeProto> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>The number of learnt weights so far.</summary>
    public long Parameters { get; private set; }

    /// <summary>The multiply-adds for one image so far.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Goes on below further tensors.</summary>
    /// <exception cref="OverflowException">There are more than 2^63.</exception>
    public WorkBelow Add(IEnumerable<string> tensors)
    {
        var open = new Stack<string>(tensors.Where(_tensors.Add));
        while (open.TryPop(out var tensor))
        {
            if (!producers.TryGetValue(tensor, out var node) || !_nodes.Add(node))
                continue;
            MultiplyAdds = checked(MultiplyAdds + MultiplyAddsOf(node));
            foreach (var weight in WeightsOf(node).Where(_weights.Add))
                Parameters = checked(Parameters + SizeOf(weight));
            foreach (var read in node.Reads().Where(_tensors.Add))
                open.Push(read);
        }
        return this;
    }

    private long MultiplyAddsOf(NodeProto node)
    {
        if (shapes.Find(node.Output.FirstOrDefault("")) is not { IsImageData: true } output)
            return 0;
        var perImage = output.Count / ShapeInference.Batch;
        return node.OpType switch
        {
            "Conv" or "ConvInteger" or "FusedConv" => checked(perImage * OneFilter(node, 1)),
            "QLinearConv" => checked(perImage * OneFilter(node, 3)),
            "ConvTranspose" => checked(Input(node, 0)!.Count / ShapeInference.Batch * OneFilter(node, 1)),
            "Gemm" => checked(perImage * Input(node, 0)!.Dims[node.Find("transA")?.I is null or 0 ? 1 : 0]),
            "MatMul" or "MatMulInteger" or "QLinearMatMul" => checked(perImage * Input(node, 0)!.Dims[^1]),
            _ => 0,
        };
    }

    /// <summary>The weights that one value of the output is a sum over.</summary>
    private long OneFilter(NodeProto node, int input) => Input(node, input)!.Dims.Skip(1).Aggregate(1L, (product, d) => checked(product * d));

    private TensorFacts? Input(NodeProto node, int input) => shapes.Find(node.Input[input]);

    /// <summary>The inputs that may be weights; the others are statistics, bounds, scales and sizes.</summary>
    private static IEnumerable<string> WeightsOf(NodeProto node) => node.OpType switch
    {
        "BatchNormalization" => node.Input.Skip(1).Take(2),
        "QuantizeLinear" or "DequantizeLinear" => node.Input.Take(1),
        "QLinearConv" => node.Input.Where((_, i) => i is 3 or 8),
        "QLinearMatMul" => node.Input.Where((_, i) => i is 0 or 3),
        "Clip" or "Pad" or "Resize" or "Upsample" => [],
        _ => node.Reads(),
    };

    private long SizeOf(string constant)
    {
        if (shapes.Constant(constant) is not { Dims.Count: > 0 } tensor)
            return 0;
        // Int64 is arithmetic on sizes; int32 is the bias of a quantised layer.
        return tensor.DataType is 7 or 8 or 9 or 12 or 13 ? 0 : tensor.Dims.Aggregate(1L, (product, d) => checked(product * d));
    }
}
