namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>The operators of ONNX that can be computed with gradients.</summary>
internal static class OperatorCatalog
{
    private static readonly Dictionary<string, Func<OperatorNode, Operator>> Known =
        new[] { Layers.All, Poolings.All, Normalisations.All, Elementwise.All, Reductions.All, Arrangements.All }.SelectMany(group => group).ToDictionary();

    /// <summary>The names of the operators, in ordinal order.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>What computes a node.</summary>
    /// <exception cref="TransferException">The operator is not known here, or is used in a way that is not.</exception>
    public static Operator Compile(OperatorNode node) =>
        Known.TryGetValue(node.Type, out var compile) ? compile(node) : throw node.Fault("is none of them");

    /// <summary>An operator of one input and one output.</summary>
    public static Operator Of(Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> compute) => inputs => [compute(inputs[0]!)];
}
