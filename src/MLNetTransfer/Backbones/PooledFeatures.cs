using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones;

/// <summary>Finds the default cut of a graph that comes without a description: the globally pooled features that feed its classifier.</summary>
internal static class PooledFeatures
{
    // What may stand between the pooled features and the output of a classifier, besides its linear layers.
    private static readonly string[] PassedThrough =
    [
        "Softmax", "LogSoftmax", "Sigmoid", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout", "Identity", "Cast",
        "Relu", "LeakyRelu", "Clip", "HardSwish", "Tanh", "BatchNormalization",
    ];

    /// <summary>The name of the tensor; null when no output is a linear classifier of pooled features.</summary>
    public static string? Find(GraphProto graph)
    {
        var producers = new Dictionary<string, NodeProto>();
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                producers.TryAdd(output, node);
        return graph.Output.Select(output => WalkBack(graph, producers, output.Name)).FirstOrDefault(found => found is not null);
    }

    private static string? WalkBack(GraphProto graph, Dictionary<string, NodeProto> producers, string tensor)
    {
        var isClassified = false;
        // No path is longer than the graph: a cycle ends the walk.
        for (var step = 0; step <= graph.Node.Count && producers.TryGetValue(tensor, out var node) && node.Input.Count > 0; step++)
        {
            if (IsGlobalPool(graph, node))
                return isClassified ? node.Output[0] : null;
            if (IsLinear(graph, node))
                isClassified = true;
            else if (Biased(graph, node) is { } unbiased)
            {
                tensor = unbiased;
                continue;
            }
            else if (!node.Is(PassedThrough))
                return null;
            tensor = node.Input[0];
        }
        return null;
    }

    private static bool IsLinear(GraphProto graph, NodeProto node) =>
        node.Is("Gemm", "MatMul", "Conv") && node.Input.Count > 1 && graph.Constant(node.Input[1]) is { } weights
        && (!node.Is("Conv") || weights.Dims is [_, _, 1, 1]);

    /// <summary>The other operand when the node adds, subtracts or scales by a constant.</summary>
    private static string? Biased(GraphProto graph, NodeProto node) =>
        !node.Is("Add", "Sub", "Mul", "Div") || node.Input.Count != 2 ? null
        : graph.Constant(node.Input[1]) is not null ? node.Input[0]
        : graph.Constant(node.Input[0]) is not null ? node.Input[1]
        : null;

    // An AveragePool counts when what comes out is one pixel, which the shapes tell later.
    private static bool IsGlobalPool(GraphProto graph, NodeProto node)
    {
        if (node.Is("GlobalAveragePool", "AveragePool"))
            return true;
        if (!node.Is("ReduceMean"))
            return false;
        var axes = node.Input.Count > 1 ? graph.Constant(node.Input[1])?.Int64Values() : node.Find("axes")?.Ints.ToArray();
        return axes is not null && axes.Select(a => a < 0 ? a + 4 : a).Order().SequenceEqual([2, 3]);
    }
}
