using System.Text;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>A node as the operators read it.</summary>
internal sealed class OperatorNode(NodeProto node, IReadOnlyDictionary<string, TensorProto> constants, int opset, GraphModule module)
{
    public string Type => node.OpType;

    /// <summary>The operator set that the node is to be understood by.</summary>
    public int Opset => opset;

    /// <summary>The number of outputs asked for.</summary>
    public int Outputs => node.Output.Count;

    /// <summary>Whether batch normalisation uses the statistics of the batch now.</summary>
    public bool TrainsBatchNorm => module.TrainsBatchNorm && module.training;

    public long Int(string attribute, long otherwise) => node.Find(attribute) is { HasI: true } found ? found.I : otherwise;

    public double Float(string attribute, double otherwise) => node.Find(attribute) is { HasF: true } found ? found.F : otherwise;

    public long[]? Ints(string attribute) => node.Find(attribute) is { Ints.Count: > 0 } found ? [.. found.Ints] : null;

    public string Text(string attribute, string otherwise) => node.Find(attribute) is { HasS: true } found ? Encoding.UTF8.GetString(found.S.Span) : otherwise;

    public bool Has(int input) => input < node.Input.Count && node.Input[input] != "";

    /// <summary>Whole numbers that older operator sets keep in an attribute and newer ones in a constant input; null when they are left out.</summary>
    public long[]? Numbers(int input, string attribute) =>
        !Has(input) ? Ints(attribute) : constants.GetValueOrDefault(node.Input[input])?.WholeValues(int.MaxValue) ?? throw Fault($"computes its {attribute} from the image");

    /// <summary>A number that older operator sets keep in an attribute and newer ones in a constant input; null when it is left out.</summary>
    public double? Number(int input, string attribute) =>
        !Has(input) ? node.Find(attribute) is { HasF: true } found ? found.F : null
        : constants.GetValueOrDefault(node.Input[input])?.FloatValues(1) is [var only] ? only : throw Fault($"computes its {attribute} from the image");

    public TransferException Fault(string fault) =>
        new($"Layers are trained whose operators are known here; the {node.OpType} '{(node.Name == "" ? node.Output.FirstOrDefault("") : node.Name)}' {fault}. Choose a cut above it, or another backbone.");
}
