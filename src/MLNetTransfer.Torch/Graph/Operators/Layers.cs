using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Convolutions and matrix products.</summary>
internal static class Layers
{
    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["Conv"] = Convolution,
        ["ConvTranspose"] = TransposedConvolution,
        ["Gemm"] = Gemm,
        ["MatMul"] = _ => inputs => [inputs[0]!.matmul(inputs[1]!)],
    };

    private static Operator Convolution(OperatorNode node)
    {
        var window = Window.Of(node);
        var groups = node.Int("group", 1);
        return inputs =>
        {
            var (weight, bias) = (inputs[1]!, inputs.ElementAtOrDefault(2));
            if (weight.dim() != 4)
                throw node.Fault($"works on {weight.dim() - 2} axes; images have 2");
            var (x, padding) = window.Pad(inputs[0]!, weight.shape[2..], 0);
            return [nn.functional.conv2d(x, weight, bias, window.Strides, padding, window.Dilations, groups)];
        };
    }

    private static Operator TransposedConvolution(OperatorNode node)
    {
        var window = Window.Of(node);
        var (groups, output, shape) = (node.Int("group", 1), node.Ints("output_padding") ?? [0, 0], node.Ints("output_shape"));
        if (shape is not null || !window.IsSymmetric)
            throw node.Fault("states the size of its output, or pads its edges unevenly");
        return inputs => [nn.functional.conv_transpose2d(
            inputs[0]!, inputs[1]!, inputs.ElementAtOrDefault(2), window.Strides, window.Pads[..2], output, window.Dilations, groups)];
    }

    private static Operator Gemm(OperatorNode node)
    {
        var (transposeA, transposeB) = (node.Int("transA", 0) != 0, node.Int("transB", 0) != 0);
        Scalar alpha = node.Float("alpha", 1), beta = node.Float("beta", 1), one = 1;
        return inputs =>
        {
            var a = transposeA ? inputs[0]!.t() : inputs[0]!;
            var b = transposeB ? inputs[1]!.t() : inputs[1]!;
            var product = a.matmul(b);
            if (alpha.ToDouble() != 1)
                product = product.mul(alpha);
            return [inputs.ElementAtOrDefault(2) is { } c ? product.add(c, beta) : product];
        };
    }
}
