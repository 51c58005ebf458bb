namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>
/// Finds the shape of every tensor of a graph from its constants and the shape of its image, without running or allocating anything of the size
/// it finds. What cannot be known is not guessed: the reason is kept for whoever asks for the tensor.
/// </summary>
internal sealed class ShapeInference
{
    /// <summary>
    /// The number of images that shapes are computed for: a prime larger than all that stands for something else in practice, so that an axis
    /// of this size is the batch and no axis of another size depends on it.
    /// </summary>
    public const int Batch = 100_003;

    private readonly Dictionary<string, TensorFacts> _facts = [];
    private readonly Dictionary<string, string> _reasons = [];
    private readonly Dictionary<string, TensorProto> _constants = [];
    private readonly ShapeInference? _outer;

    private ShapeInference(ShapeInference? outer) => _outer = outer;

    /// <summary>Follows a graph whose nodes lie in topological order.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="image">The name of its image input.</param>
    /// <param name="shape">The shape of one image, without the batch.</param>
    /// <param name="isChannelsLast">Whether that is [H, W, C]; otherwise it is [C, H, W].</param>
    /// <param name="declared">Shapes that the file states, for operators whose rules are not known here.</param>
    public static ShapeInference Of(GraphProto graph, string image, long[] shape, bool isChannelsLast, IReadOnlyDictionary<string, TypeProto.Types.Tensor> declared)
    {
        var inference = new ShapeInference(null);
        inference._facts[image] = new TensorFacts(TensorFacts.Float, [Batch, .. shape]) { IsImageData = true, IsChannelsLast = isChannelsLast };
        inference.Follow(graph, declared);
        return inference;
    }

    /// <summary>What is known of a tensor; null when nothing is.</summary>
    public TensorFacts? Find(string tensor) => _facts.GetValueOrDefault(tensor) ?? _outer?.Find(tensor);

    /// <summary>Why nothing is known of a tensor.</summary>
    public string Reason(string tensor) => _reasons.GetValueOrDefault(tensor) ?? _outer?.Reason(tensor) ?? $"nothing computes '{tensor}'";

    /// <summary>The stored constant of a name; null when the tensor is computed.</summary>
    public TensorProto? Constant(string tensor) => _constants.GetValueOrDefault(tensor) ?? _outer?.Constant(tensor);

    /// <summary>The outputs of a graph inside a node, which may read the tensors around it.</summary>
    /// <exception cref="UnknownShapeException">The shape of one of them is not known.</exception>
    public TensorFacts[] OfInner(GraphProto inner)
    {
        var inference = new ShapeInference(this);
        inference.Follow(inner, new Dictionary<string, TypeProto.Types.Tensor>());
        return [.. inner.Output.Select(output => inference.Find(output.Name) ?? throw new UnknownShapeException(inference.Reason(output.Name)))];
    }

    private void Follow(GraphProto graph, IReadOnlyDictionary<string, TypeProto.Types.Tensor> declared)
    {
        foreach (var initializer in graph.Initializer)
            Add(initializer.Name, initializer);
        foreach (var node in graph.Node)
            if (node.Is("Constant"))
            {
                if (node.ConstantValue() is { } value && node.Output.Count > 0)
                    Add(node.Output[0], value);
            }
            else
                Follow(node, declared);
    }

    private void Add(string name, TensorProto constant)
    {
        _constants[name] = constant;
        _facts[name] = new TensorFacts(constant.DataType, [.. constant.Dims]) { Values = constant.WholeValues(NodeFacts.MaxValues) };
    }

    private void Follow(NodeProto node, IReadOnlyDictionary<string, TypeProto.Types.Tensor> declared)
    {
        // Shape leaves the image behind: what follows from it is arithmetic on sizes.
        var isImageData = !node.Is("Shape", "Size") && node.Reads().Any(read => Find(read) is { IsImageData: true });
        try
        {
            var rule = OperatorRules.Find(node);
            var inputs = node.Input.Select(input => input == "" ? null : Find(input) ?? throw new UnknownShapeException(Reason(input))).ToArray();
            var results = rule is not null ? rule(new NodeFacts(node, inputs, this)) : [];
            for (var i = 0; i < node.Output.Count; i++)
                if (node.Output[i] == "")
                    continue;
                else if (i < results.Length)
                    _facts[node.Output[i]] = Placed(node, results[i], inputs, isImageData);
                else
                    Take(node, node.Output[i], declared, isImageData, $"no rule says what the operator {node.OpType} of '{node.Name}' makes");
        }
        catch (Exception fault) when (fault is UnknownShapeException or OverflowException)
        {
            foreach (var output in node.Output)
                Take(node, output, declared, isImageData, fault is UnknownShapeException ? fault.Message : $"the {node.OpType} '{node.Name}' makes a tensor beyond all measure");
        }
    }

    /// <summary>Takes what the file states of a tensor where that is complete; otherwise keeps the reason why nothing is known.</summary>
    private void Take(NodeProto node, string output, IReadOnlyDictionary<string, TypeProto.Types.Tensor> declared, bool isImageData, string reason)
    {
        // A rule that found a contradiction is believed, not the file.
        if (OperatorRules.Find(node) is null && declared.GetValueOrDefault(output) is { Shape: { Dim.Count: > 1 and <= 4 } shape } type
            && shape.Dim.Skip(1).All(dimension => dimension is { HasDimValue: true, DimValue: >= 1 and <= int.MaxValue }))
            _facts[output] = new TensorFacts(type.ElemType, [Batch, .. shape.Dim.Skip(1).Select(dimension => dimension.DimValue)]) { IsImageData = isImageData };
        else
            _reasons[output] = reason;
    }

    private static TensorFacts Placed(NodeProto node, TensorFacts result, TensorFacts?[] inputs, bool isImageData)
    {
        var wasLast = inputs.Any(input => input is { Rank: 4, IsChannelsLast: true });
        var isLast = result.Rank == 4 && (node.OpType == "Transpose" ? IsLastAfter(node, wasLast) : wasLast && !node.Is("Conv", "QLinearConv", "ConvInteger"));
        return isImageData || isLast
            ? new TensorFacts(result.Type, result.Dims) { Values = result.Values, IsImageData = isImageData, IsChannelsLast = isLast }
            : result;
    }

    private static bool IsLastAfter(NodeProto node, bool wasLast) => node.Find("perm")?.Ints switch
    {
        [0, 2, 3, 1] => true,
        [0, 3, 1, 2] => false,
        _ => wasLast,
    };
}
