using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Normalisations.</summary>
internal static class Normalisations
{
    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["BatchNormalization"] = Batch,
        ["InstanceNormalization"] = Instance,
        ["LayerNormalization"] = Layer,
        ["LRN"] = LocalResponse,
    };

    private static Operator Batch(OperatorNode node)
    {
        var (epsilon, momentum) = (node.Float("epsilon", 1e-5), 1 - node.Float("momentum", 0.9));
        if (node.Outputs > 1)
            throw node.Fault("is asked for the statistics of its batch");
        return inputs => [nn.functional.batch_norm(inputs[0]!, inputs[3]!, inputs[4]!, inputs[1]!, inputs[2]!, node.TrainsBatchNorm, momentum, epsilon)];
    }

    private static Operator Instance(OperatorNode node)
    {
        var epsilon = node.Float("epsilon", 1e-5);
        return inputs => [nn.functional.instance_norm(inputs[0]!, null, null, inputs[1], inputs[2], use_input_stats: true, momentum: 0, eps: epsilon)];
    }

    private static Operator Layer(OperatorNode node)
    {
        var (axis, epsilon) = (node.Int("axis", -1), node.Float("epsilon", 1e-5));
        if (node.Outputs > 1)
            throw node.Fault("is asked for its statistics");
        return inputs =>
        {
            var x = inputs[0]!;
            return [nn.functional.layer_norm(x, x.shape[(int)(axis < 0 ? axis + x.dim() : axis)..], inputs[1], inputs.ElementAtOrDefault(2), epsilon)];
        };
    }

    private static Operator LocalResponse(OperatorNode node)
    {
        var size = node.Int("size", 1);
        var (alpha, beta, bias) = (node.Float("alpha", 1e-4), node.Float("beta", 0.75), node.Float("bias", 1));
        // The window of an even size leans to the other side in libtorch.
        return size % 2 == 1 ? OperatorCatalog.Of(x => nn.functional.local_response_norm(x, size, alpha, beta, bias)) : throw node.Fault("sums over an even number of channels");
    }
}
