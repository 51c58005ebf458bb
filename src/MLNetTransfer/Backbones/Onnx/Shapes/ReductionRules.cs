namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Operators that fold axes away, and those that turn shapes into numbers and numbers into tensors.</summary>
internal static class ReductionRules
{
    private static readonly string[] Reductions =
        ["Mean", "Sum", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare"];

    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        .. Reductions.Select(name => ("Reduce" + name, (OperatorRule)(node => [Reduce(node)]))),
        ("ArgMax", node => [Arg(node)]),
        ("ArgMin", node => [Arg(node)]),
        ("Shape", node => [ShapeOf(node)]),
        ("Size", node => [node.Result(TensorFacts.Int64, [], [node[0].Count])]),
        ("ConstantOfShape", node => [Filled(node)]),
        ("Range", node => [Range(node)]),
        ("If", node => [.. node.Infer("then_branch").Zip(node.Infer("else_branch"), (yes, no) => Common(node, yes, no))]),
    ];

    private static TensorFacts Reduce(NodeFacts node)
    {
        var given = node.Numbers(1, "axes");
        if (given is not { Length: > 0 } && node.Int("noop_with_empty_axes", 0) == 1)
            return node.Result(node[0].Type, node[0].Dims);
        var axes = given is { Length: > 0 } ? node.Axes(given, node[0].Rank) : [.. Enumerable.Range(0, node[0].Rank)];
        return Fold(node, node[0].Type, axes);
    }

    private static TensorFacts Arg(NodeFacts node) => Fold(node, TensorFacts.Int64, [node.Axis(node.Int("axis", 0), node[0].Rank)]);

    private static TensorFacts Fold(NodeFacts node, int type, HashSet<int> axes)
    {
        var keep = node.Int("keepdims", 1) != 0;
        return node.Result(type, [.. node[0].Dims.Index().Where(d => keep || !axes.Contains(d.Index)).Select(d => axes.Contains(d.Index) ? 1 : d.Item)]);
    }

    private static TensorFacts ShapeOf(NodeFacts node)
    {
        var rank = node[0].Rank;
        var (start, end) = (From(node.Int("start", 0)), From(node.Int("end", rank)));
        var values = node[0].Dims[start..Math.Max(start, end)];
        return node.Result(TensorFacts.Int64, [values.Length], values);

        int From(long axis) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    private static TensorFacts Filled(NodeFacts node)
    {
        var value = node.Node.Find("value")?.T;
        var result = node.Result(value?.DataType ?? TensorFacts.Float, node.Values(0, "shape"));
        return value?.Int64Values() is [var number] && result.Count <= NodeFacts.MaxValues
            ? node.Result(result.Type, result.Dims, [.. Enumerable.Repeat(number, (int)result.Count)])
            : result;
    }

    private static TensorFacts Range(NodeFacts node)
    {
        if (node.Values(0, "start") is not [var start] || node.Values(1, "limit") is not [var limit] || node.Values(2, "delta") is not [not 0 and var step])
            throw node.Unknown("counts from one number to another in steps other than 0");
        var count = Int128.Max(0, ((Int128)limit - start + step - Math.Sign(step)) / step);
        return count > NodeFacts.MaxValues
            ? node.Result(node[0].Type, [(long)Int128.Min(count, long.MaxValue)])
            : node.Result(node[0].Type, [(long)count], [.. Enumerable.Range(0, (int)count).Select(i => start + i * step)]);
    }

    private static TensorFacts Common(NodeFacts node, TensorFacts yes, TensorFacts no) =>
        yes.Dims.AsSpan().SequenceEqual(no.Dims) ? node.Result(yes.Type, yes.Dims) : throw node.Unknown($"makes {yes} or {no}");
}
