using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones;

/// <summary>
/// Forgets what a network has learnt: weights become normal draws with the variance 2 / fan-in of He et al., "Delving Deep into Rectifiers"
/// (ICCV 2015), biases 0, batch normalisation the identity.
/// </summary>
internal static class RandomWeights
{
    /// <summary>A copy of the model with random weights.</summary>
    /// <exception cref="TransferException">A layer's weights are not a stored tensor of 32-bit floats.</exception>
    public static ModelProto Draw(ModelProto model, int seed, string name)
    {
        var drawn = model.Clone();
        var graph = drawn.Graph;
        foreach (var node in graph.Node)
        {
            if (node.Is("Conv", "Gemm") || node.Is("MatMul") && graph.Constant(node.Input[1]) is not null)
            {
                var weights = Stored(node, 1);
                weights.SetFloats(HeNormal(weights, FanIn(node, weights), RandomStream.Derive(seed, "weights/" + weights.Name)));
                if (node.Input.Count > 2 && node.Input[2] != "")
                    Fill(Stored(node, 2), 0);
            }
            else if (node.Is("BatchNormalization"))
            {
                Fill(Stored(node, 1), 1);
                Fill(Stored(node, 2), 0);
                Fill(Stored(node, 3), 0);
                Fill(Stored(node, 4), 1);
            }
        }
        return drawn;

        TensorProto Stored(NodeProto node, int input) =>
            input < node.Input.Count && graph.Constant(node.Input[input]) is { DataType: (int)TensorProto.Types.DataType.Float } tensor
                ? tensor
                : throw new TransferException(
                    $"Random weights can replace weights stored as float32; in '{name}' input {input} of the {node.OpType} '{node.Name}' " +
                    "is not. Use an unquantised export of the network.");
    }

    private static long FanIn(NodeProto node, TensorProto weights) => Math.Max(1,
        node.Is("Conv") ? Size(weights) / Math.Max(1, weights.Dims.FirstOrDefault(1))
        : node.Find("transB")?.I == 1 ? weights.Dims[^1]
        : weights.Dims.Count > 1 ? weights.Dims[^2] : Size(weights));

    private static float[] HeNormal(TensorProto weights, long fanIn, RandomStream stream)
    {
        var deviation = Math.Sqrt(2.0 / fanIn);
        var values = new float[Size(weights)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * stream.NextNormal());
        return values;
    }

    private static void Fill(TensorProto tensor, float value)
    {
        var values = new float[Size(tensor)];
        Array.Fill(values, value);
        tensor.SetFloats(values);
    }

    private static long Size(TensorProto tensor) => tensor.Dims.Aggregate(1L, (size, dimension) => size * dimension);
}
