using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// Folds what scales and shifts whole channels into the convolution before it: batch normalisation, and additions and multiplications of
/// constants. The network computes the same, up to rounding, with fewer tensors to quantise. A batch normalisation with no convolution before it becomes a
/// 1 x 1 convolution of each channel with itself. Identity and Dropout nodes go.
/// </summary>
internal static class ConvolutionFolding
{
    /// <summary>Folds in place. Tensors that are outputs of the graph or in <paramref name="kept"/> keep their names and values.</summary>
    public static void Apply(GraphProto graph, IReadOnlySet<string> kept)
    {
        var names = graph.Names();
        while (Step(graph, kept, names))
        {
        }
        var read = graph.Node.SelectMany(node => node.Reads()).Concat(graph.Output.Select(output => output.Name)).ToHashSet();
        var initializers = graph.Initializer.Where(initializer => read.Contains(initializer.Name)).ToList();
        graph.Initializer.Clear();
        graph.Initializer.AddRange(initializers);
    }

    private static bool Step(GraphProto graph, IReadOnlySet<string> kept, HashSet<string> names)
    {
        var index = new GraphIndex(graph);
        var changed = false;
        for (var i = 0; i < graph.Node.Count; i++)
        {
            var node = graph.Node[i];
            if (node.Is("Identity", "Dropout") && !index.IsOutput(node.Output[0]) && !kept.Contains(node.Output[0]))
            {
                foreach (var reader in index.Readers(node.Output[0]))
                    for (var input = 0; input < reader.Input.Count; input++)
                        if (reader.Input[input] == node.Output[0])
                            reader.Input[input] = node.Input[0];
                graph.Node.RemoveAt(i);
                return true;
            }
            if (ChannelMap.Of(index, node) is not { } map)
                continue;
            if (index.Producer(map.Input) is { } convolution && IsFoldable(index, convolution, kept) && map.ChannelsOr(Channels(graph, convolution)) is { } affine)
            {
                Fold(graph, convolution, affine, names);
                convolution.Output[0] = node.Output[0];
                graph.Node.RemoveAt(i);
                return true;
            }
            if (node.Is("BatchNormalization") && FeedsMaps(index, node))
            {
                ToConvolution(graph, node, map, names);
                changed = true;
            }
        }
        return changed;
    }

    private static bool IsFoldable(GraphIndex index, NodeProto node, IReadOnlySet<string> kept) =>
        node.Is("Conv") && !kept.Contains(node.Output[0]) && index.OnlyReader(node.Output[0]) is not null
        && index.Graph.Floats(node.Input[1]) is not null && (node.Input.Count < 3 || node.Input[2] == "" || index.Graph.Floats(node.Input[2]) is not null);

    private static int Channels(GraphProto graph, NodeProto convolution) => (int)graph.Constant(convolution.Input[1])!.Dims[0];

    private static void Fold(GraphProto graph, NodeProto convolution, (float[] Scale, float[] Shift) map, HashSet<string> names)
    {
        var (weights, shape) = (graph.Floats(convolution.Input[1])!, graph.Constant(convolution.Input[1])!.Dims.ToArray());
        var channels = map.Scale.Length;
        var biases = convolution.Input.Count > 2 && convolution.Input[2] != "" ? graph.Floats(convolution.Input[2])! : new float[channels];
        var size = weights.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            foreach (ref var weight in weights.AsSpan(channel * size, size))
                weight *= map.Scale[channel];
            biases[channel] = (biases[channel] * map.Scale[channel]) + map.Shift[channel];
        }
        SetWeights(graph, convolution, weights, shape, biases, names);
    }

    private static void SetWeights(GraphProto graph, NodeProto convolution, float[] weights, long[] shape, float[] biases, HashSet<string> names)
    {
        // New constants: another node may share the old ones.
        var (weight, bias) = (GraphCut.Unused(names, convolution.Output[0] + "/weight"), GraphCut.Unused(names, convolution.Output[0] + "/bias"));
        graph.Initializer.Add(GraphConstants.Floats(weight, weights, shape));
        graph.Initializer.Add(GraphConstants.Floats(bias, biases, biases.Length));
        var input = convolution.Input[0];
        convolution.Input.Clear();
        convolution.Input.AddRange([input, weight, bias]);
    }

    /// <summary>Whether what the node computes is surely a map: something that only takes maps reads it.</summary>
    private static bool FeedsMaps(GraphIndex index, NodeProto node) => index.Readers(node.Output[0])
        .SelectMany(reader => reader.Is("Relu", "Clip") ? index.Readers(reader.Output[0]) : [reader])
        .Any(reader => reader.Is("Conv", "GlobalAveragePool", "AveragePool", "MaxPool"));

    private static void ToConvolution(GraphProto graph, NodeProto node, ChannelMap map, HashSet<string> names)
    {
        var (scale, shift) = map.ChannelsOr(0)!.Value;
        node.OpType = "Conv";
        node.Attribute.Clear();
        node.Attribute.Add(new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = scale.Length });
        SetWeights(graph, node, scale, [scale.Length, 1, 1, 1], shift, names);
    }
}
