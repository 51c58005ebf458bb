using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;

namespace MLNetTransfer.Backbones;

/// <summary>Finds the globally pooled features that feed the classifier at the end of a graph.</summary>
internal static class PooledFeatures
{
    // What may stand between the pooled features and the output of a classifier, besides its linear layers.
    private static readonly string[] PassedThrough =
    [
        "Softmax", "LogSoftmax", "Sigmoid", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Dropout", "Identity", "Cast",
        "Relu", "LeakyRelu", "Clip", "HardSwish", "Tanh", "BatchNormalization", "QuantizeLinear", "DequantizeLinear",
    ];

    /// <summary>The name of the tensor; null when the output is no linear classifier of pooled features.</summary>
    public static string? Find(IReadOnlyDictionary<string, NodeProto> producers, ShapeInference shapes, string output)
    {
        var isClassified = false;
        var tensor = output;
        while (producers.TryGetValue(tensor, out var node) && node.Input.Count > 0)
        {
            if (IsGlobalPool(shapes, node))
                return isClassified ? node.Output[0] : null;
            if (IsLinear(shapes, node))
                isClassified = true;
            else if (Biased(shapes, node) is { } unbiased)
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

    private static bool IsLinear(ShapeInference shapes, NodeProto node) =>
        node.Is("Gemm", "MatMul", "Conv") && node.Input.Count > 1 && shapes.Find(node.Input[1]) is { IsImageData: false } weights
        && (!node.Is("Conv") || weights.Dims is [_, _, 1, 1]);

    /// <summary>The other operand when the node adds, subtracts or scales by a constant.</summary>
    private static string? Biased(ShapeInference shapes, NodeProto node) =>
        !node.Is("Add", "Sub", "Mul", "Div") || node.Input.Count != 2 ? null
        : shapes.Constant(node.Input[1]) is not null ? node.Input[0]
        : shapes.Constant(node.Input[0]) is not null ? node.Input[1]
        : null;

    /// <summary>Whether the node averages each channel of a map over all its pixels.</summary>
    internal static bool IsGlobalPool(ShapeInference shapes, NodeProto node) =>
        node.Is("GlobalAveragePool", "AveragePool", "ReduceMean")
        && shapes.Find(node.Input[0]) is { Rank: 4 } map && shapes.Find(node.Output[0]) is { Rank: 2 or 4 } pooled
        && pooled.Dims[0] == map.Dims[0] && pooled.Count == map.Dims[0] * map.Dims[map.IsChannelsLast ? 3 : 1];
}
