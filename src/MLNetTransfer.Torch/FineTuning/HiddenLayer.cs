using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>A hidden layer of the head: part of the network, so that it is trained and served like any other layer.</summary>
internal static class HiddenLayer
{
    /// <summary>A network that gives the features it receives: what a hidden layer on features alone is appended to.</summary>
    public static ModelProto Nothing(int features)
    {
        var values = new ValueInfoProto { Name = "features" };
        ImageInput.Declare(values, features);
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 13 } }, Graph = new GraphProto { Name = "features", Input = { values }, Output = { values } } };
    }

    /// <summary>A copy of a network whose features are the values of a new layer of rectified units, with He-normal weights over standardised features.</summary>
    /// <param name="model">A network of one output of features, [N, D].</param>
    /// <param name="features">The features of the images to be learnt from, by which they are standardised.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="seed">The seed of the weights.</param>
    public static ModelProto Append(ModelProto model, FeatureMatrix features, int units, int seed)
    {
        var random = RandomStream.Derive(seed, "hidden layer");
        var (weights, biases) = (new float[units * features.Columns], new float[units]);
        for (var j = 0; j < features.Columns; j++)
        {
            var (mean, square) = (0d, 0d);
            for (var row = 0; row < features.Rows; row++)
                mean += features.Row(row)[j] / (double)features.Rows;
            for (var row = 0; row < features.Rows; row++)
                square += Math.Pow(features.Row(row)[j] - mean, 2) / features.Rows;
            var scale = Math.Sqrt(square) > 1e-6 * Math.Abs(mean) ? Math.Sqrt(2d / features.Columns / square) : 0;
            for (var unit = 0; unit < units; unit++)
            {
                weights[unit * features.Columns + j] = (float)(scale * random.NextNormal());
                biases[unit] -= (float)(weights[unit * features.Columns + j] * mean);
            }
        }
        return Append(model, weights, biases);
    }

    /// <summary>A copy of a network whose features are the values of a layer of rectified units.</summary>
    /// <param name="model">A network of one output of features, [N, D].</param>
    /// <param name="weights">The weights of every unit, one unit after the other.</param>
    /// <param name="biases">The bias of every unit.</param>
    public static ModelProto Append(ModelProto model, float[] weights, float[] biases)
    {
        var extended = model.Clone();
        var graph = extended.Graph;
        var names = graph.Names();
        var (below, weightName, biasName) = (graph.Output[0].Name, GraphCut.Unused(names, "hidden_weight"), GraphCut.Unused(names, "hidden_bias"));
        var (sum, output) = (GraphCut.Unused(names, "hidden_sum"), GraphCut.Unused(names, "hidden"));
        graph.Initializer.Add(Stored(weightName, weights, biases.Length, weights.Length / biases.Length));
        graph.Initializer.Add(Stored(biasName, biases, biases.Length));
        var transposed = new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 };
        graph.Node.Add(new NodeProto { OpType = "Gemm", Name = sum, Input = { below, weightName, biasName }, Output = { sum }, Attribute = { transposed } });
        graph.Node.Add(new NodeProto { OpType = "Relu", Name = output, Input = { sum }, Output = { output } });
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto { Name = output });
        ImageInput.Declare(graph.Output[0], biases.Length);
        return extended;
    }

    private static TensorProto Stored(string name, float[] values, params ReadOnlySpan<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { dims.ToArray() } };
        tensor.SetFloats(values);
        return tensor;
    }
}
