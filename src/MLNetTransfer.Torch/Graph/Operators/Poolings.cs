using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Poolings.</summary>
internal static class Poolings
{
    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["GlobalAveragePool"] = _ => OperatorCatalog.Of(x => x.mean(Spatial(x), true)),
        ["GlobalMaxPool"] = _ => OperatorCatalog.Of(x => x.amax(Spatial(x), true)),
        ["MaxPool"] = MaxPool,
        ["AveragePool"] = AveragePool,
    };

    private static long[] Spatial(Tensor x) => [.. Enumerable.Range(2, (int)x.dim() - 2).Select(axis => (long)axis)];

    private static Operator MaxPool(OperatorNode node)
    {
        var (window, kernel, ceiling) = (Window.Of(node), Kernel(node), node.Int("ceil_mode", 0) != 0);
        if (node.Outputs > 1)
            throw node.Fault("is asked for the places of its maxima");
        return OperatorCatalog.Of(x =>
        {
            var (padded, padding) = window.Pad(x, kernel, double.NegativeInfinity);
            return nn.functional.max_pool2d(padded, kernel, window.Strides, padding, window.Dilations, ceiling);
        });
    }

    private static Operator AveragePool(OperatorNode node)
    {
        var (window, kernel, ceiling) = (Window.Of(node), Kernel(node), node.Int("ceil_mode", 0) != 0);
        var countsPadding = node.Int("count_include_pad", 0) != 0;
        if (window.Dilations.Any(dilation => dilation != 1))
            throw node.Fault("is dilated");
        return OperatorCatalog.Of(x =>
        {
            var (padded, padding) = window.Pad(x, kernel, 0);
            var mean = nn.functional.avg_pool2d(padded, kernel, window.Strides, padding, ceiling, countsPadding);
            if (countsPadding || ReferenceEquals(padded, x))
                return mean;
            // Unevenly padded: the zeros that were added count for nothing, as in the share of ones that a window sees.
            using var quiet = no_grad();
            var (ones, _) = window.Pad(x.new_ones(1, 1, x.shape[2], x.shape[3]), kernel, 0);
            var share = nn.functional.avg_pool2d(ones, kernel, window.Strides, padding, ceiling, true);
            return mean.div(share);
        });
    }

    private static long[] Kernel(OperatorNode node) =>
        node.Ints("kernel_shape") is { Length: 2 } kernel ? kernel : throw node.Fault("does not work on the 2 axes of images");
}
