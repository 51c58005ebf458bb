namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Products of matrices.</summary>
internal static class LinearRules
{
    public static IEnumerable<(string Operator, OperatorRule Rule)> All =>
    [
        ("Gemm", node => [Gemm(node)]),
        ("MatMul", node => [Product(node, node[0], node[1], node[0].Type)]),
        ("MatMulInteger", node => [Product(node, node[0], node[1], TensorFacts.Int32)]),
        ("QLinearMatMul", node => [Product(node, node[0], node[3], node[7].Type)]),
    ];

    private static TensorFacts Gemm(NodeFacts node)
    {
        if (node[0].Dims is not [var rows, var inner] || node[1].Dims is not [var other, var columns])
            throw node.Unknown($"multiplies matrices; it received {node[0]} and {node[1]}");
        if (node.Int("transA", 0) != 0)
            (rows, inner) = (inner, rows);
        if (node.Int("transB", 0) != 0)
            (other, columns) = (columns, other);
        if (inner != other)
            throw node.Unknown($"multiplies {node[0]} with {node[1]}, which do not fit");
        if (node.Optional(2) is { } bias && !ElementwiseRules.Broadcast(node, bias.Dims, [rows, columns]).AsSpan().SequenceEqual([rows, columns]))
            throw node.Unknown($"adds {bias} to {new TensorFacts(0, [rows, columns])}");
        return node.Result(node[0].Type, [rows, columns]);
    }

    private static TensorFacts Product(NodeFacts node, TensorFacts left, TensorFacts right, int type)
    {
        if (left.Rank == 0 || right.Rank == 0)
            throw node.Unknown("multiplies a single number");
        // A vector counts as one row on the left and as one column on the right.
        long[] a = left.Rank == 1 ? [1, left.Dims[0]] : left.Dims;
        long[] b = right.Rank == 1 ? [right.Dims[0], 1] : right.Dims;
        if (a[^1] != b[^2])
            throw node.Unknown($"multiplies {left} with {right}, which do not fit");
        var outer = ElementwiseRules.Broadcast(node, a[..^2], b[..^2]);
        long[] dims = [.. outer, .. left.Rank == 1 ? Array.Empty<long>() : [a[^2]], .. right.Rank == 1 ? Array.Empty<long>() : [b[^1]]];
        return node.Result(type, dims);
    }
}
