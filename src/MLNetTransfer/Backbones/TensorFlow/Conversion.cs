namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>One import: walks from the image to the output, keeping what is known of every tensor on the way.</summary>
internal sealed class Conversion(TensorFlowGraph graph, ImageSource input, int side, ImportBudget budget)
{
    private readonly Dictionary<string, Value[]> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _operators = new(StringComparer.Ordinal);

    public string Source => graph.Source;

    public ImageSource Input => input;

    public ImportBudget Budget => budget;

    public OnnxLayers Onnx { get; } = new(budget);

    /// <summary>The names of all nodes that the output needs.</summary>
    public IReadOnlyCollection<string> Needed => _values.Keys;

    /// <summary>How often each operator occurs among the nodes that became part of the network.</summary>
    public IReadOnlyDictionary<string, int> Operators => _operators;

    /// <summary>The number of nodes whose values were computed here, since no image changes them.</summary>
    public int Folded { get; private set; }

    /// <summary>What was decided on the way and is worth saying.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Converts everything that a tensor needs.</summary>
    /// <param name="output">"name" or "name:1".</param>
    /// <returns>The tensor, named as asked for.</returns>
    /// <exception cref="TransferException">Something it needs cannot be imported.</exception>
    public Activation Run(string output)
    {
        var (name, port) = TensorFlowGraph.Reference(output);
        var end = graph.Find(name)
            ?? throw new TransferException($"The output is a tensor of the graph; '{Source}' has none called '{output}'. Check --output.");
        foreach (var node in graph.Needed(input.Node, end))
            _values[node.Name] = ReferenceEquals(node, input.Node) ? InputValues() : Evaluate(node);
        return Value(name, port) switch
        {
            Activation { Blocks: null } result when result.Tensor == output => result,
            Activation { Blocks: null } result => Named(result, output),
            Unknown unknown => throw new TransferException(unknown.Reason),
            _ => throw new TransferException(
                $"The output is computed from the image; '{output}' in '{Source}' is not computed from '{input.Tensor}'. " +
                "Name another one with --output NAME, or the image with --input NAME."),
        };
    }

    private Value[] InputValues()
    {
        var values = new Value[TensorFlowGraph.Reference(input.Tensor).Port + 1];
        Array.Fill(values, new Unknown(
            $"The image is fed to '{input.Tensor}' in '{Source}'; another output of that node is needed. Choose another --input."));
        int[] shape = input.IsChannelsFirst ? [Activation.Batch, input.Channels, side, side] : [Activation.Batch, side, side, input.Channels];
        values[^1] = new Activation(input.Tensor, shape, input.IsChannelsFirst ? Activation.Plain(4) : Activation.ChannelsFirst);
        return values;
    }

    // A fault counts only when the output needs the value: branches for training are not taken.
    private Value[] Evaluate(NodeDef node)
    {
        Value[] inputs = [.. TensorFlowGraph.Inputs(node).Select(read => Value(read.Node, read.Port))];
        if (node.Op is not ("Merge" or "RefMerge"))
        {
            if (inputs.Any(value => value is Dead))
                return [Dead.Branch];
            if (inputs.FirstOrDefault(value => value is Unknown) is { } unknown)
                return [unknown];
        }
        if (IsTrainingFlag(node))
        {
            Notes.Add($"'{node.Name}' is taken as false: the network is used, not trained.");
            return [new Constant([], new long[] { 0 })];
        }
        try
        {
            var values = TensorFlow.Operators.Evaluate(new Step(node, inputs, this));
            if (values.Any(value => value is Activation))
                _operators[node.Op] = _operators.GetValueOrDefault(node.Op) + 1;
            else if (node.Op != "Const")
                Folded++;
            return values;
        }
        catch (TransferException fault)
        {
            return [new Unknown(fault.Message)];
        }
    }

    private Value Value(string name, int port) =>
        _values[name] is var values && port < values.Length ? values[port]
        : values is [Dead or Unknown] ? values[0]
        : new Unknown(
            $"The first {values.Length} outputs of '{name}' ({graph.Find(name)!.Op}) in '{Source}' can be imported; output {port} is needed. " +
            "Choose another --output.");

    private static bool IsTrainingFlag(NodeDef node) =>
        node.Op == "Placeholder" && node.Name.Contains("train", StringComparison.OrdinalIgnoreCase)
        && node.Attr.TryGetValue("dtype", out var type) && type.Type == (int)DataType.Bool;

    private Activation Named(Activation tensor, string name)
    {
        Onnx.Nodes.Add(new OnnxNode { Operator = "Identity", Inputs = [tensor.Tensor], Output = name, Shape = tensor.Stored });
        return new Activation(name, tensor.Shape, tensor.Order) { Flattened = tensor.Flattened };
    }
}
