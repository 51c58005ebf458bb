namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Operators that arrange the same elements otherwise.</summary>
internal static class ArrangementRules
{
    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        ("Reshape", node => [Reshape(node)]),
        ("Flatten", node => [Flatten(node)]),
        ("Squeeze", node => [Squeeze(node)]),
        ("Unsqueeze", node => [Unsqueeze(node)]),
        ("Transpose", node => [Transpose(node)]),
        ("Concat", node => [Concat(node)]),
        ("Split", Split),
        ("DepthToSpace", node => [Blocks(node, (c, h, w, b) => [c / b / b, checked(h * b), checked(w * b)])]),
        ("SpaceToDepth", node => [Blocks(node, (c, h, w, b) => [checked(c * b * b), h / b, w / b])]),
    ];

    private static TensorFacts Reshape(NodeFacts node)
    {
        var wanted = node.Numbers(1, "shape") ?? throw node.Unknown("lacks its shape");
        var dims = wanted.ToArray();
        var count = node[0].Count;
        for (var i = 0; i < dims.Length && i < node[0].Rank; i++)
            if (dims[i] == 0 && node.Int("allowzero", 0) == 0)
                dims[i] = node[0].Dims[i];
        var open = Array.IndexOf(dims, -1);
        var rest = dims.Where((_, i) => i != open).Aggregate(1L, (product, d) => checked(product * d));
        if (open >= 0 && rest > 0 && count % rest == 0)
            dims[open] = count / rest;
        if (dims.Any(d => d < 0) || dims.Aggregate(1L, (product, d) => checked(product * d)) != count)
            throw node.Unknown($"arranges {node[0]} as [{string.Join(", ", wanted)}], which does not fit");
        return node.Result(node[0].Type, dims, node[0].Values);
    }

    private static TensorFacts Flatten(NodeFacts node)
    {
        var (dims, axis) = (node[0].Dims, node.Int("axis", 1));
        var at = axis == node[0].Rank ? node[0].Rank : node.Axis(axis, Math.Max(1, node[0].Rank));
        return node.Result(node[0].Type, [new TensorFacts(0, dims[..at]).Count, new TensorFacts(0, dims[at..]).Count]);
    }

    private static TensorFacts Squeeze(NodeFacts node)
    {
        var dims = node[0].Dims;
        var axes = node.Numbers(1, "axes") is { } given ? node.Axes(given, dims.Length) : [.. dims.Index().Where(d => d.Item == 1).Select(d => d.Index)];
        if (axes.Any(axis => dims[axis] != 1))
            throw node.Unknown($"drops axes of 1 alone; it received {node[0]}");
        return node.Result(node[0].Type, [.. dims.Where((_, i) => !axes.Contains(i))], node[0].Values);
    }

    private static TensorFacts Unsqueeze(NodeFacts node)
    {
        var given = node.Numbers(1, "axes") ?? throw node.Unknown("lacks its axes");
        var rank = node[0].Rank + given.Length;
        var axes = node.Axes(given, rank);
        if (axes.Count != given.Length)
            throw node.Unknown("names an axis twice");
        var rest = new Queue<long>(node[0].Dims);
        return node.Result(node[0].Type, [.. Enumerable.Range(0, rank).Select(i => axes.Contains(i) ? 1 : rest.Dequeue())], node[0].Values);
    }

    private static TensorFacts Transpose(NodeFacts node)
    {
        var dims = node[0].Dims;
        var order = node.Ints("perm") ?? [.. Enumerable.Range(0, dims.Length).Reverse().Select(i => (long)i)];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, dims.Length).Select(i => (long)i)))
            throw node.Unknown($"has a perm that does not order the {dims.Length} axes of {node[0]}");
        return node.Result(node[0].Type, [.. order.Select(i => dims[i])]);
    }

    private static TensorFacts Concat(NodeFacts node)
    {
        var dims = node[0].Dims.ToArray();
        var axis = node.Axis(node.Int("axis", 1), dims.Length);
        for (var i = 1; i < node.Inputs; i++)
        {
            var other = node[i].Dims;
            if (other.Length != dims.Length || other.Where((d, at) => at != axis && d != dims[at]).Any())
                throw node.Unknown($"joins {node[0]} and {node[i]}, which do not fit");
            dims[axis] = checked(dims[axis] + other[axis]);
        }
        var values = dims is [<= NodeFacts.MaxValues] && node.All.All(input => input.Values is not null) ? node.All.SelectMany(input => input.Values!).ToArray() : null;
        return node.Result(node[0].Type, dims, values);
    }

    private static TensorFacts[] Split(NodeFacts node)
    {
        var dims = node[0].Dims;
        var axis = node.Axis(node.Int("axis", 0), dims.Length);
        var parts = node.Node.Output.Count;
        var part = (dims[axis] + parts - 1) / parts;
        var sizes = node.Numbers(1, "split") ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(dims[axis] - i * part, 0, part))];
        if (sizes.Length != parts || sizes.Any(size => size < 0) || sizes.Aggregate(0L, (sum, size) => checked(sum + size)) != dims[axis])
            throw node.Unknown($"splits {node[0]} into [{string.Join(", ", sizes)}], which does not fit");
        return [.. sizes.Select(size => node.Result(node[0].Type, [.. dims[..axis], size, .. dims[(axis + 1)..]]))];
    }

    private static TensorFacts Blocks(NodeFacts node, Func<long, long, long, long, long[]> arrange)
    {
        if (node[0].Dims is not [var n, var c, var h, var w] || node.Int("blocksize", 0) is not (> 0 and <= 4096 and var block))
            throw node.Unknown($"rearranges blocks of pixels of [N, C, H, W]; it received {node[0]}");
        var result = node.Result(node[0].Type, [n, .. arrange(c, h, w, block)]);
        return result.Count == node[0].Count ? result : throw node.Unknown(FormattableString.Invariant($"rearranges {node[0]} in blocks of {block}, which do not fit"));
    }
}
