using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// Writes a plan into a graph in QDQ form: each quantised tensor passes QuantizeLinear and DequantizeLinear, each quantised convolution reads
/// its weights and biases through DequantizeLinear. Any runtime can compute it in floats; ONNX Runtime fuses it into integer operators.
/// </summary>
internal sealed class QuantizedGraph
{
    /// <summary>From here on DequantizeLinear knows scales per channel; before, ONNX Runtime's own operator of the same name does.</summary>
    private const int ChannelScalesOpset = 13;

    private const string RuntimeDomain = "com.microsoft";

    private readonly GraphProto _graph;
    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, AffineScale> _scales;
    private readonly HashSet<string> _tensors;
    private readonly bool _isReduced;
    private readonly string _domain;
    private readonly HashSet<string> _names;
    private readonly List<NodeProto> _nodes = [];
    // What quantised nodes read in place of a tensor that is computed in floats: float nodes go on reading it as it is.
    private readonly Dictionary<string, string> _branches = [];

    private QuantizedGraph(ModelProto model, QuantizationPlan plan, IReadOnlyDictionary<string, AffineScale> scales, bool isReduced)
    {
        (_graph, _plan, _scales, _isReduced, _names) = (model.Graph, plan, scales, isReduced, model.Graph.Names());
        _tensors = [.. plan.Tensors];
        _domain = model.OpsetImport.First(set => set.Domain is "" or "ai.onnx").Version < ChannelScalesOpset ? RuntimeDomain : "";
    }

    /// <summary>Rewrites the model the plan was made for.</summary>
    /// <param name="model">The model; it is changed.</param>
    /// <param name="plan">The plan for its graph.</param>
    /// <param name="scales">The scale of every tensor of the plan.</param>
    /// <param name="isReduced">Whether weights keep to 7 bits.</param>
    public static void Write(ModelProto model, QuantizationPlan plan, IReadOnlyDictionary<string, AffineScale> scales, bool isReduced)
    {
        var quantised = new QuantizedGraph(model, plan, scales, isReduced);
        quantised.Rewrite();
        if (quantised._domain != "" && model.OpsetImport.All(set => set.Domain != RuntimeDomain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = RuntimeDomain, Version = 1 });
    }

    private void Rewrite()
    {
        foreach (var input in _graph.Input.Where(input => _tensors.Contains(input.Name)))
            Branch(input.Name);
        foreach (var node in _graph.Node.Where(node => !_plan.IsAbsorbed(node)))
        {
            if (!_plan.IsQuantised(node))
            {
                _nodes.Add(node);
                foreach (var output in node.Output.Where(_tensors.Contains))
                    Branch(output);
                continue;
            }
            if (node.Is("Conv"))
                QuantiseWeights(node);
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = _branches.GetValueOrDefault(node.Input[i], node.Input[i]);
            var result = _plan.ResultOf(node);
            node.Output[0] = GraphCut.Unused(_names, result + "/float");
            _nodes.Add(node);
            Requantise(result, node.Output[0], result);
        }
        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
        var read = _graph.Node.SelectMany(node => node.Reads()).ToHashSet();
        var initializers = _graph.Initializer.Where(initializer => read.Contains(initializer.Name)).ToList();
        _graph.Initializer.Clear();
        _graph.Initializer.AddRange(initializers);
    }

    private void Branch(string tensor) => Requantise(tensor, tensor, _branches[tensor] = GraphCut.Unused(_names, tensor + "/dequantized"));

    /// <summary>Quantises a tensor and dequantises it again.</summary>
    private void Requantise(string tensor, string from, string to)
    {
        var (scale, zero, integers) = (Unused(tensor, "scale"), Unused(tensor, "zero_point"), Unused(tensor, "quantized"));
        _graph.Initializer.Add(GraphConstants.Floats(scale, [_scales[tensor].Scale]));
        _graph.Initializer.Add(GraphConstants.Byte(zero, _scales[tensor].ZeroPoint));
        _nodes.Add(Node("QuantizeLinear", [from, scale, zero], integers));
        _nodes.Add(Node("DequantizeLinear", [integers, scale, zero], to));
    }

    private void QuantiseWeights(NodeProto node)
    {
        var (weights, shape) = (_graph.Floats(node.Input[1])!, _graph.Constant(node.Input[1])!.Dims.ToArray());
        var hasBias = node.Input.Count > 2 && node.Input[2] != "";
        var biases = hasBias ? _graph.Floats(node.Input[2])! : new float[shape[0]];
        var quantised = ChannelWeights.Quantise(weights, biases, _scales[node.Input[0]].Scale, _isReduced);
        var name = node.Output[0];
        node.Input[1] = Dequantised(GraphConstants.SBytes(Unused(name, "weight_quantized"), quantised.Values, shape), quantised.Scales,
            GraphConstants.SBytes(Unused(name, "weight_zero_point"), new sbyte[shape[0]], shape[0]), Unused(name, "weight"));
        if (hasBias)
            node.Input[2] = Dequantised(GraphConstants.Ints(Unused(name, "bias_quantized"), quantised.Biases), quantised.BiasScales,
                GraphConstants.Ints(Unused(name, "bias_zero_point"), new int[shape[0]]), Unused(name, "bias"));
    }

    private string Dequantised(TensorProto integers, float[] scales, TensorProto zeros, string name)
    {
        var scale = Unused(name, "scale");
        _graph.Initializer.Add([integers, GraphConstants.Floats(scale, scales, scales.Length), zeros]);
        var node = Node("DequantizeLinear", [integers.Name, scale, zeros.Name], name);
        node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        _nodes.Add(node);
        return name;
    }

    private NodeProto Node(string type, string[] inputs, string output) =>
        new() { OpType = type, Domain = _domain, Name = output + "/" + type, Input = { inputs }, Output = { output } };

    private string Unused(string tensor, string part) => GraphCut.Unused(_names, $"{tensor}/{part}");
}
