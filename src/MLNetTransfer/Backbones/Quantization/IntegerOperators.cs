using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Raises a model to an operator set that has the integer operators, where all its operators mean the same there.</summary>
internal static class IntegerOperators
{
    /// <summary>Has scales per channel and pools of integers.</summary>
    private const int Best = 13;

    /// <summary>Has integer convolutions at all; ONNX Runtime's own operators do for scales per channel.</summary>
    private const int Least = 10;

    private static readonly string[] ChangedByLeast = ["Slice", "Upsample", "TopK", "Scan", "MaxUnpool"];

    private static readonly string[] ChangedByBest =
    [
        .. ChangedByLeast, "Clip", "Pad", "Resize", "Squeeze", "Unsqueeze", "ReduceSum", "Split", "Softmax", "LogSoftmax", "Hardmax", "Dropout", "Loop", "If",
    ];

    /// <summary>Raises the operator set if need be.</summary>
    /// <exception cref="TransferException">An operator of an old set means something else in those that have integer operators.</exception>
    public static void Require(ModelProto model, string name)
    {
        var opset = model.OpsetImport.First(set => set.Domain is "" or "ai.onnx");
        if (opset.Version >= Best)
            return;
        var hasForeign = model.Graph.Node.Any(node => node.Domain is not ("" or "ai.onnx"));
        if (!hasForeign && !model.Graph.Node.Any(node => node.Is(ChangedByBest) || IsOldNormalisation(node)))
            opset.Version = Best;
        if (opset.Version >= Least)
            return;
        if (model.Graph.Node.FirstOrDefault(node => node.Is(ChangedByLeast) || IsOldNormalisation(node)) is { } changed)
            throw new TransferException($"Integer operators are in operator sets {Least} and later; '{name}' is of {opset.Version}, and its {changed.OpType} "
                + "means something else there. Export it again with a later operator set.");
        opset.Version = Least;
    }

    /// <summary>Whether the node says, as it could before operator set 9, which axes it normalises.</summary>
    private static bool IsOldNormalisation(NodeProto node) => node.Is("BatchNormalization") && node.Find("spatial") is not null;
}
