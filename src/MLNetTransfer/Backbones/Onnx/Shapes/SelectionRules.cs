namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Operators that take a part of a tensor, repeat it, or change its size.</summary>
internal static class SelectionRules
{
    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        ("Slice", node => [Slice(node)]),
        ("Gather", node => [Gather(node)]),
        ("Pad", node => [Pad(node)]),
        ("Expand", node => [node.Result(node[0].Type, ElementwiseRules.Broadcast(node, node[0].Dims, node.Values(1, "shape")))]),
        ("Tile", node => [Tile(node)]),
        ("Resize", node => [Resize(node, node.Inputs == 2 ? 1 : 2)]),
        ("Upsample", node => [Resize(node, 1)]),
    ];

    private static TensorFacts Slice(NodeFacts node)
    {
        var (starts, ends) = (node.Numbers(1, "starts"), node.Numbers(2, "ends"));
        if (starts is null || ends is null || starts.Length != ends.Length)
            throw node.Unknown("lacks its starts or ends");
        var given = node.Numbers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = node.Numbers(4, "steps") ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (given.Length != starts.Length || steps.Length != starts.Length || steps.Contains(0))
            throw node.Unknown("has starts, ends, axes and steps that do not fit each other");
        var dims = node[0].Dims.ToArray();
        var values = node[0].Values;
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = node.Axis(given[i], dims.Length);
            var (size, step) = (dims[axis], steps[i]);
            var from = step > 0 ? Within(starts[i], 0, size) : Within(starts[i], 0, size - 1);
            var to = step > 0 ? Within(ends[i], 0, size) : Within(ends[i], -1, size - 1);
            dims[axis] = size == 0 ? 0 : (long)Int128.Max(0, ((Int128)to - from + step - Math.Sign(step)) / step);
            values = node[0].Rank == 1 && values is not null ? [.. Enumerable.Range(0, (int)dims[axis]).Select(at => values[from + at * step])] : null;

            long Within(long index, long least, long most) => Math.Max(least, Math.Min(index < 0 ? index + size : index, most));
        }
        return node.Result(node[0].Type, dims, values);
    }

    private static TensorFacts Gather(NodeFacts node)
    {
        var dims = node[0].Dims;
        var axis = node.Axis(node.Int("axis", 0), dims.Length);
        var values = node[0].Values is { } all && dims.Length == 1 && node[1].Values is { } indices && indices.All(i => i >= -all.Length && i < all.Length)
            ? indices.Select(i => all[i < 0 ? i + all.Length : i]).ToArray()
            : null;
        return node.Result(node[0].Type, [.. dims[..axis], .. node[1].Dims, .. dims[(axis + 1)..]], values);
    }

    private static TensorFacts Pad(NodeFacts node)
    {
        var dims = node[0].Dims.ToArray();
        var pads = node.Numbers(1, "pads") ?? throw node.Unknown("lacks its pads");
        var axes = node.Optional(3) is null ? [.. Enumerable.Range(0, dims.Length)] : node.Values(3, "axes").Select(axis => node.Axis(axis, dims.Length)).ToArray();
        if (pads.Length != 2 * axes.Length)
            throw node.Unknown($"has {pads.Length} pads for {axes.Length} axes");
        foreach (var (i, axis) in axes.Index())
            dims[axis] = checked(dims[axis] + pads[i] + pads[axes.Length + i]);
        return node.Result(node[0].Type, dims);
    }

    private static TensorFacts Tile(NodeFacts node)
    {
        var repeats = node.Values(1, "repeats");
        if (repeats.Length != node[0].Rank)
            throw node.Unknown($"has {repeats.Length} repeats for {node[0]}");
        return node.Result(node[0].Type, [.. node[0].Dims.Zip(repeats, (d, repeat) => checked(d * repeat))]);
    }

    private static TensorFacts Resize(NodeFacts node, int scalesAt)
    {
        var dims = node[0].Dims;
        if (node.Optional(3) is not null)
        {
            var sizes = node.Values(3, "sizes");
            return sizes.Length == dims.Length ? node.Result(node[0].Type, sizes) : throw node.Unknown($"has {sizes.Length} sizes for {node[0]}");
        }
        var scales = node.Constant(scalesAt)?.FloatValues(NodeFacts.MaxValues) ?? node.Node.Find("scales")?.Floats.ToArray();
        if (scales is null || scales.Length != dims.Length || scales.Any(scale => scale is not (> 0 and < 4096)))
            throw node.Unknown($"has no constant scale above 0 for each axis of {node[0]}");
        return node.Result(node[0].Type, [.. dims.Zip(scales, (d, scale) => (long)Math.Floor(d * (double)scale))]);
    }
}
