using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Operators that combine the values along axes.</summary>
internal static class Reductions
{
    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["ReduceMean"] = node => Reduce(node, (x, axes, keep) => x.mean(axes, keep)),
        ["ReduceSum"] = node => Reduce(node, (x, axes, keep) => x.sum(axes, keep)),
        ["ReduceMax"] = node => Reduce(node, (x, axes, keep) => x.amax(axes, keep)),
        ["ReduceL2"] = node => Reduce(node, (x, axes, keep) => x.square().sum(axes, keep).sqrt()),
        ["Softmax"] = node => Along(node, (x, axis) => x.softmax(axis)),
        ["LogSoftmax"] = node => Along(node, (x, axis) => x.log_softmax(axis)),
    };

    private static Operator Reduce(OperatorNode node, Func<Tensor, long[], bool, Tensor> reduce)
    {
        var (axes, keep) = (node.Numbers(1, "axes"), node.Int("keepdims", 1) != 0);
        return OperatorCatalog.Of(x => reduce(x, axes ?? [.. Enumerable.Range(0, (int)x.dim()).Select(axis => (long)axis)], keep));
    }

    private static Operator Along(OperatorNode node, Func<Tensor, long, Tensor> compute)
    {
        if (node.Opset >= 13)
        {
            var axis = node.Int("axis", -1);
            return OperatorCatalog.Of(x => compute(x, axis));
        }
        // Up to operator set 12 all axes from this one on count as one.
        var from = node.Int("axis", 1);
        return OperatorCatalog.Of(x =>
        {
            var first = (int)(from < 0 ? from + x.dim() : from);
            return compute(x.flatten(first), first).reshape(x.shape);
        });
    }
}
