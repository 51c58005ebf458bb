using System.Collections.Frozen;

namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Operators that work on elements: one tensor in and one of its shape out, or several that are stretched to a common shape.</summary>
internal static class ElementwiseRules
{
    private static readonly string[] Unary =
    [
        "Relu", "LeakyRelu", "PRelu", "Sigmoid", "Tanh", "Clip", "HardSwish", "HardSigmoid", "Elu", "Selu", "Celu", "Softplus", "Softsign",
        "ThresholdedRelu", "Mish", "Gelu", "Erf", "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos",
        "Softmax", "LogSoftmax", "Hardmax", "LRN", "InstanceNormalization", "GroupNormalization", "LpNormalization",
        "MeanVarianceNormalization", "LayerNormalization", "Not", "CumSum",
    ];

    private static readonly Dictionary<string, Func<long, long, long>?> Binary = new()
    {
        ["Add"] = (a, b) => checked(a + b),
        ["Sub"] = (a, b) => checked(a - b),
        ["Mul"] = (a, b) => checked(a * b),
        ["Div"] = (a, b) => checked(a / b),
        ["Min"] = Math.Min,
        ["Max"] = Math.Max,
        ["Sum"] = null,
        ["Mean"] = null,
        ["Pow"] = null,
        ["Mod"] = null,
    };

    private static readonly string[] Logical = ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor"];

    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        .. Unary.Select(name => (name, (OperatorRule)(node => [node.Result(node[0].Type, node[0].Dims)]))),
        .. Binary.Select(pair => (pair.Key, (OperatorRule)(node => [Stretched(node, node[0].Type, pair.Value)]))),
        .. Logical.Select(name => (name, (OperatorRule)(node => [Stretched(node, TensorFacts.Bool, name == "Equal" ? (a, b) => a == b ? 1 : 0 : null)]))),
        ("Identity", node => [node.Result(node[0].Type, node[0].Dims, node[0].Values)]),
        ("Dropout", node => [node.Result(node[0].Type, node[0].Dims), node.Result(TensorFacts.Bool, node[0].Dims)]),
        ("BatchNormalization", BatchNormalization),
        ("Cast", node => [Cast(node, (int)Math.Clamp(node.Int("to", 0), 0, int.MaxValue))]),
        ("CastLike", node => [Cast(node, node[1].Type)]),
        ("Where", Where),
        ("QuantizeLinear", node => [node.Result(node.Optional(2)?.Type ?? TensorFacts.UInt8, node[0].Dims)]),
        ("DequantizeLinear", node => [node.Result(node[1].Type, node[0].Dims)]),
        ("DynamicQuantizeLinear", node => [node.Result(TensorFacts.UInt8, node[0].Dims), node.Result(TensorFacts.Float, []), node.Result(TensorFacts.UInt8, [])]),
    ];

    /// <summary>The operators by name.</summary>
    public static FrozenSet<string> Names { get; } = All.Select(rule => rule.Operator).ToFrozenSet();

    /// <summary>The common shape of two: axes are aligned at the end, and an axis of 1 fits every other.</summary>
    public static long[] Broadcast(NodeFacts node, long[] one, long[] other)
    {
        var (longer, shorter) = one.Length >= other.Length ? (one, other) : (other, one);
        var dims = longer.ToArray();
        for (var i = 1; i <= shorter.Length; i++)
        {
            ref var dimension = ref dims[^i];
            if (dimension != shorter[^i] && dimension != 1 && shorter[^i] != 1)
                throw node.Unknown($"combines {new TensorFacts(0, one)} with {new TensorFacts(0, other)}, which do not fit");
            dimension = dimension == 1 ? shorter[^i] : dimension;
        }
        return dims;
    }

    private static TensorFacts[] BatchNormalization(NodeFacts node)
    {
        var dims = node[0].Dims;
        for (var i = 1; i < 5; i++)
            if (dims.Length < 2 || node[i].Dims is not [var channels] || channels != dims[1])
                throw node.Unknown($"normalises {node[0]} with {node[i]}, which does not fit");
        // Exports of training graphs name the statistics that only training writes.
        return [node.Result(node[0].Type, dims), .. Enumerable.Repeat(node[1], 4)];
    }

    private static TensorFacts Cast(NodeFacts node, int type) =>
        node.Result(type, node[0].Dims, type is TensorFacts.Int32 or TensorFacts.Int64 or TensorFacts.Bool ? node[0].Values : null);

    private static TensorFacts Stretched(NodeFacts node, int type, Func<long, long, long>? compute)
    {
        var dims = node[0].Dims;
        for (var i = 1; i < node.Inputs; i++)
            dims = Broadcast(node, dims, node[i].Dims);
        var values = node[0].Values;
        for (var i = 1; i < node.Inputs && values is not null; i++)
            values = compute is null ? null : Combine(values, node[i].Values, compute);
        return node.Result(type, dims, values);
    }

    private static long[]? Combine(long[] one, long[]? other, Func<long, long, long> compute)
    {
        if (other is null || one.Length != other.Length && one.Length != 1 && other.Length != 1)
            return null;
        try
        {
            var length = one.Length == 1 ? other.Length : one.Length;
            return [.. Enumerable.Range(0, length).Select(i => compute(one[one.Length == 1 ? 0 : i], other[other.Length == 1 ? 0 : i]))];
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    private static TensorFacts[] Where(NodeFacts node)
    {
        var dims = Broadcast(node, Broadcast(node, node[0].Dims, node[1].Dims), node[2].Dims);
        var values = node[0].Values is { } choice && node[1].Values is { } yes && node[2].Values is { } no && choice.Length == yes.Length && choice.Length == no.Length
            ? choice.Select((chosen, i) => chosen != 0 ? yes[i] : no[i]).ToArray()
            : null;
        return [node.Result(node[1].Type, dims, values)];
    }
}
