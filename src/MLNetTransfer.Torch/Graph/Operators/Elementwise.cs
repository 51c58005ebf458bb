using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Operators on each value for itself. Numbers are kept by the closures: TorchSharp lets those made for one call be collected amid it.</summary>
internal static class Elementwise
{
    private static readonly Scalar One = 1;

    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["Add"] = _ => inputs => [inputs[0]!.add(inputs[1]!, One)],
        ["Sub"] = _ => inputs => [inputs[0]!.sub(inputs[1]!)],
        ["Mul"] = _ => inputs => [inputs[0]!.mul(inputs[1]!)],
        ["Div"] = _ => inputs => [IsWhole(inputs) ? inputs[0]!.floor_divide(inputs[1]!) : inputs[0]!.div(inputs[1]!)],
        ["Pow"] = _ => inputs => [inputs[0]!.pow(inputs[1]!)],
        ["Sum"] = _ => inputs => [inputs.Select(input => input!).Aggregate((sum, next) => sum.add(next, One))],
        ["Max"] = _ => inputs => [inputs.Select(input => input!).Aggregate(maximum)],
        ["Min"] = _ => inputs => [inputs.Select(input => input!).Aggregate(minimum)],
        ["Abs"] = _ => OperatorCatalog.Of(x => x.abs()),
        ["Neg"] = _ => OperatorCatalog.Of(x => x.neg()),
        ["Exp"] = _ => OperatorCatalog.Of(x => x.exp()),
        ["Log"] = _ => OperatorCatalog.Of(x => x.log()),
        ["Sqrt"] = _ => OperatorCatalog.Of(x => x.sqrt()),
        ["Erf"] = _ => OperatorCatalog.Of(x => x.erf()),
        ["Reciprocal"] = _ => OperatorCatalog.Of(x => x.reciprocal()),
        ["Relu"] = _ => OperatorCatalog.Of(x => nn.functional.relu(x)),
        ["Sigmoid"] = _ => OperatorCatalog.Of(x => x.sigmoid()),
        ["Tanh"] = _ => OperatorCatalog.Of(x => x.tanh()),
        ["Softplus"] = _ => OperatorCatalog.Of(x => x.exp().log1p()),
        ["HardSwish"] = _ => OperatorCatalog.Of(x => nn.functional.hardswish(x)),
        ["Mish"] = _ => OperatorCatalog.Of(x => nn.functional.mish(x)),
        ["Gelu"] = node => node.Text("approximate", "none") == "none" ? OperatorCatalog.Of(x => nn.functional.gelu(x)) : throw node.Fault("is an approximation"),
        ["LeakyRelu"] = node => { var slope = node.Float("alpha", 0.01); return OperatorCatalog.Of(x => nn.functional.leaky_relu(x, slope)); },
        ["Elu"] = node => { var alpha = node.Float("alpha", 1); return OperatorCatalog.Of(x => nn.functional.elu(x, alpha)); },
        ["Selu"] = _ => OperatorCatalog.Of(x => nn.functional.selu(x)),
        ["PRelu"] = _ => inputs => [nn.functional.relu(inputs[0]!).sub(inputs[1]!.mul(nn.functional.relu(inputs[0]!.neg())))],
        ["HardSigmoid"] = HardSigmoid,
        ["Clip"] = Clip,
        ["Cast"] = node => OperatorCatalog.Of(x => node.Int("to", 1) == 1 ? x.to(ScalarType.Float32) : x.to(ScalarType.Int64)),
    };

    private static bool IsWhole(Tensor?[] inputs) => inputs.All(input => input!.dtype == ScalarType.Int64);

    private static Operator Clip(OperatorNode node)
    {
        var (low, high) = (node.Number(1, "min"), node.Number(2, "max"));
        Scalar? min = low is { } l && l > float.MinValue ? l : null, max = high is { } h && h < float.MaxValue ? h : null;
        return OperatorCatalog.Of(x => min is null && max is null ? x : x.clamp(min, max));
    }

    private static Operator HardSigmoid(OperatorNode node)
    {
        Scalar alpha = node.Float("alpha", 0.2), beta = node.Float("beta", 0.5), zero = 0, one = 1;
        return OperatorCatalog.Of(x => x.mul(alpha).add(beta).clamp(zero, one));
    }
}
