using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Torch.Graph.Operators;
using MLNetTransfer.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph;

/// <summary>
/// An ONNX network, or the part of it above a cut, with gradients. Built from the nodes of the file; trained weights go back into the file with
/// <see cref="ToOnnx"/>. Batch normalisation uses its stored statistics and leaves them as they are, unless it is asked to train too.
/// </summary>
public sealed class GraphModule : nn.Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly GraphSplit _split;
    private readonly List<Step> _steps = [];
    private readonly Dictionary<string, Tensor> _stored = [];
    private readonly Dictionary<string, Parameter> _statistics = [];

    internal GraphModule(GraphSplit split, bool trainBatchNorm = false) : base("graph")
    {
        _split = split;
        TrainsBatchNorm = trainBatchNorm;
        var constants = split.Model.Graph.Constants();
        var weights = new List<GraphWeight>();
        var layer = -1;
        foreach (var node in split.Upper.Where(node => !node.Is("Constant")))
        {
            var learnt = LearntInputs(node).Where(input => constants.TryGetValue(input, out var tensor) && tensor.DataType == (int)TensorProto.Types.DataType.Float).ToList();
            if (learnt.Count > 0)
                layer++;
            foreach (var name in learnt.Where(name => !_stored.ContainsKey(name)))
                weights.Add(new GraphWeight(name, Register(name, constants[name], isTrained: true), layer, constants[name].Dims.Count > 1, node.Is("Conv") && constants[name].Dims.Count > 1 ? (int)constants[name].Dims[0] : 1));
            if (trainBatchNorm && node.Is("BatchNormalization"))
                foreach (var name in node.Input.Skip(3).Where(name => !_stored.ContainsKey(name)))
                    _statistics.Add(name, Register(name, constants[name], isTrained: false));
            foreach (var name in node.Input.Where(name => name != "" && !_stored.ContainsKey(name) && constants.ContainsKey(name)))
                Keep(name, StoredTensor.Read(constants[name]));
            _steps.Add(new Step(OperatorCatalog.Compile(new OperatorNode(node, constants, split.Opset, this)), [.. node.Input], [.. node.Output]));
        }
        Weights = weights;
        LastReads();
    }

    /// <summary>The tensors it reads, in the order <see cref="forward"/> takes them: the cut first, then what else the upper part takes from below it.</summary>
    public IReadOnlyList<string> Inputs => _split.Boundary;

    /// <summary>What can be trained, from the cut to the output; a weight that several layers share occurs once.</summary>
    public IReadOnlyList<GraphWeight> Weights { get; }

    /// <summary>Whether batch normalisation uses and updates the statistics of what it sees while <c>training</c> is on.</summary>
    public bool TrainsBatchNorm { get; }

    /// <summary>The running statistics of batch normalisation, where those are trained.</summary>
    internal IEnumerable<Parameter> Statistics => _statistics.Values;

    /// <summary>Takes the part of a network above a cut.</summary>
    /// <param name="network">The network, from image to features.</param>
    /// <param name="cut">Where its upper part begins, a cut of one tensor; null for the whole network, from its image.</param>
    /// <param name="trainBatchNorm">Whether batch normalisation is to learn its statistics anew; default false.</param>
    /// <exception cref="TransferException">Nothing lies above the cut, or an operator there has no gradient here; the message names it.</exception>
    public static GraphModule Above(BackboneCut network, Cut? cut, bool trainBatchNorm = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (cut is { Tensors.Count: > 1 })
            throw new TransferException($"Training begins at a cut of one tensor; '{cut.Name}' has {cut.Tensors.Count}. Choose a cut of one tensor.");
        TorchRuntime.EnsureLoaded();
        return new GraphModule(GraphSplit.At(OnnxFile.Parse(network.Onnx, network.Backbone.Name), cut?.Tensors[0]), trainBatchNorm);
    }

    /// <summary>Computes the output of the network.</summary>
    /// <param name="input">One tensor for each of <see cref="Inputs"/>, the batch first.</param>
    /// <returns>The features, [N, D].</returns>
    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Count != Inputs.Count)
            throw new ArgumentException($"There is one tensor for each of {string.Join(", ", Inputs)}; received {input.Count}.", nameof(input));
        var known = new Dictionary<string, Tensor>(_stored);
        for (var i = 0; i < input.Count; i++)
            known[Inputs[i]] = input[i];
        foreach (var step in _steps)
        {
            var results = step.Operator([.. step.Inputs.Select(name => name == "" ? null : known[name])]);
            for (var i = 0; i < step.Outputs.Length && i < results.Length; i++)
                if (step.Outputs[i] != "")
                    known[step.Outputs[i]] = results[i];
            foreach (var name in step.Done)
                known.Remove(name);
        }
        return known[_split.Output];
    }

    /// <summary>
    /// The whole network as an ONNX file with the weights of this module. Weights that have not moved keep their bytes: where none has, the file is
    /// the same as before.
    /// </summary>
    public byte[] ToOnnx()
    {
        var model = _split.Model.Clone();
        var constants = model.Graph.Constants();
        foreach (var (name, parameter) in Weights.Select(weight => (weight.Name, weight.Parameter)).Concat(_statistics.Select(pair => (pair.Key, pair.Value))))
        {
            float[] values = parameter.detach().data<float>().ToArray();
            if (!values.AsSpan().SequenceEqual(constants[name].FloatValues(int.MaxValue)))
                constants[name].SetFloats(values);
        }
        return OnnxFile.Write(model);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var tensor in _stored.Values)
                tensor.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The inputs of a node that are weights; its statistics, bounds and sizes are none.</summary>
    private static IEnumerable<string> LearntInputs(NodeProto node) => node.OpType switch
    {
        "Conv" or "ConvTranspose" or "Gemm" => node.Input.Skip(1).Where(name => name != ""),
        "MatMul" => node.Input,
        "BatchNormalization" or "InstanceNormalization" or "LayerNormalization" or "GroupNormalization" => node.Input.Skip(1).Take(2).Where(name => name != ""),
        "PRelu" => node.Input.Skip(1),
        _ => [],
    };

    private Parameter Register(string name, TensorProto tensor, bool isTrained)
    {
        using var read = StoredTensor.Read(tensor);
        var parameter = new Parameter(read.clone(), isTrained);
        Keep(name, parameter);
        // Names of modules may not contain dots, names of tensors may.
        register_parameter(name.Replace('.', '_'), parameter);
        return parameter;
    }

    private void Keep(string name, Tensor tensor) => _stored.Add(name, tensor.DetachFromDisposeScope());

    /// <summary>Finds after which step each tensor is not needed any more, so that a long network without gradients takes little memory.</summary>
    private void LastReads()
    {
        var seen = new HashSet<string>(_stored.Keys) { _split.Output };
        for (var i = _steps.Count - 1; i >= 0; i--)
            _steps[i].Done = [.. _steps[i].Inputs.Concat(_steps[i].Outputs).Where(name => name != "" && seen.Add(name))];
    }

    private sealed record Step(Operator Operator, string[] Inputs, string[] Outputs)
    {
        public string[] Done { get; set; } = [];
    }
}
