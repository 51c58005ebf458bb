namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Operators that slide a window over maps [N, C, ...]: convolutions and pooling.</summary>
internal static class WindowRules
{
    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        ("Conv", node => [Convolution(node, node[0], node[1], node[0].Type)]),
        ("ConvInteger", node => [Convolution(node, node[0], node[1], TensorFacts.Int32)]),
        ("QLinearConv", node => [Convolution(node, node[0], node[3], node[0].Type)]),
        ("ConvTranspose", node => [Transposed(node)]),
        ("MaxPool", node => [Pool(node, node[0].Type), Pool(node, TensorFacts.Int64)]),
        ("AveragePool", node => [Pool(node, node[0].Type)]),
        ("LpPool", node => [Pool(node, node[0].Type)]),
        ("GlobalAveragePool", node => [Global(node)]),
        ("GlobalMaxPool", node => [Global(node)]),
        ("GlobalLpPool", node => [Global(node)]),
    ];

    private static int Axes(NodeFacts node, TensorFacts map) =>
        map.Rank >= 3 ? map.Rank - 2 : throw node.Unknown($"takes maps [N, C, ...]; it received {map}");

    private static TensorFacts Convolution(NodeFacts node, TensorFacts map, TensorFacts weights, int type)
    {
        var axes = Axes(node, map);
        var group = node.Int("group", 1);
        if (weights.Rank != map.Rank || group < 1 || weights.Dims[0] % group != 0 || weights.Dims[1] > map.Dims[1] || weights.Dims[1] * (Int128)group != map.Dims[1])
            throw node.Unknown(FormattableString.Invariant($"convolves {map} with weights {weights} in {group} groups, which do not fit"));
        var kernel = node.Ints("kernel_shape") ?? weights.Dims[2..];
        if (!kernel.AsSpan().SequenceEqual(weights.Dims.AsSpan(2)))
            throw node.Unknown($"has weights {weights} that are not of its kernel_shape");
        return node.Result(type, [map.Dims[0], weights.Dims[0], .. Slide(node, map.Dims[2..], kernel, axes)]);
    }

    private static TensorFacts Transposed(NodeFacts node)
    {
        var (map, weights) = (node[0], node[1]);
        var axes = Axes(node, map);
        var group = node.Int("group", 1);
        if (weights.Rank != map.Rank || weights.Dims[0] != map.Dims[1] || group < 1)
            throw node.Unknown($"convolves {map} with weights {weights}, which do not fit");
        var (strides, dilations) = (node.IntsOrAll("strides", axes, 1), node.IntsOrAll("dilations", axes, 1));
        var (pads, extra) = (node.IntsOrAll("pads", 2 * axes, 0), node.IntsOrAll("output_padding", axes, 0));
        var sizes = node.Ints("output_shape");
        var isSame = node.Text("auto_pad") is "SAME_UPPER" or "SAME_LOWER";
        var spatial = new long[axes];
        for (var i = 0; i < axes; i++)
            checked
            {
                spatial[i] = sizes is not null && sizes.Length == axes ? sizes[i]
                    : isSame ? map.Dims[i + 2] * strides[i]
                    : strides[i] * (map.Dims[i + 2] - 1) + extra[i] + (weights.Dims[i + 2] - 1) * dilations[i] + 1 - pads[i] - pads[axes + i];
            }
        return node.Result(map.Type, [map.Dims[0], checked(weights.Dims[1] * group), .. spatial]);
    }

    private static TensorFacts Pool(NodeFacts node, int type)
    {
        var map = node[0];
        var axes = Axes(node, map);
        var kernel = node.Ints("kernel_shape") ?? throw node.Unknown("lacks its kernel_shape");
        return node.Result(type, [.. map.Dims[..2], .. Slide(node, map.Dims[2..], kernel, axes)]);
    }

    private static TensorFacts Global(NodeFacts node)
    {
        var map = node[0];
        return node.Result(map.Type, [.. map.Dims[..2], .. Enumerable.Repeat(1L, Axes(node, map))]);
    }

    private static long[] Slide(NodeFacts node, long[] sizes, long[] kernel, int axes)
    {
        var (strides, dilations, pads) = (node.IntsOrAll("strides", axes, 1), node.IntsOrAll("dilations", axes, 1), node.IntsOrAll("pads", 2 * axes, 0));
        if (kernel.Length != axes || kernel.Concat(strides).Concat(dilations).Any(number => number < 1) || pads.Any(pad => pad < 0))
            throw node.Unknown("has a kernel, strides or dilations below 1, pads below 0, or too few of them");
        var padding = node.Text("auto_pad");
        var results = new long[axes];
        for (var i = 0; i < axes; i++)
            checked
            {
                var reach = (kernel[i] - 1) * dilations[i] + 1;
                if (padding is "SAME_UPPER" or "SAME_LOWER")
                {
                    results[i] = (sizes[i] + strides[i] - 1) / strides[i];
                    continue;
                }
                var (before, after) = padding == "VALID" ? (0, 0) : (pads[i], pads[axes + i]);
                var room = sizes[i] + before + after - reach;
                if (room < 0)
                    throw node.Unknown(FormattableString.Invariant($"slides a window of {reach} over {sizes[i]} pixels"));
                results[i] = room / strides[i] + 1;
                // A last window that is only in part inside counts when asked for, but not one that lies in the padding alone.
                if (node.Int("ceil_mode", 0) == 1 && room % strides[i] != 0 && results[i] * strides[i] < sizes[i] + before)
                    results[i]++;
            }
        return results;
    }
}
