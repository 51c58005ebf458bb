using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>A node that computes x scale + shift with a constant scale and shift for every channel, or one for all.</summary>
/// <param name="Input">The tensor x.</param>
/// <param name="Scale">One factor a channel, or one.</param>
/// <param name="Shift">One summand a channel, or one.</param>
internal sealed record ChannelMap(string Input, float[] Scale, float[] Shift)
{
    private const float DefaultEpsilon = 1e-5f;

    /// <summary>What the node computes; null when it is of another kind.</summary>
    public static ChannelMap? Of(GraphIndex index, NodeProto node)
    {
        if (node.Is("BatchNormalization"))
            return OfNormalisation(index.Graph, node);
        if (!node.Is("Add", "Sub", "Mul", "Div") || node.Input.Count != 2)
            return null;
        var constantAt = index.Graph.Constant(node.Input[1]) is not null ? 1 : 0;
        // A constant minus or divided by x is of another kind.
        if (constantAt == 0 && node.Is("Sub", "Div") || PerChannel(index.Graph, node.Input[constantAt]) is not { } values)
            return null;
        var input = node.Input[1 - constantAt];
        return node.OpType switch
        {
            "Add" => new ChannelMap(input, [1], values),
            "Sub" => new ChannelMap(input, [1], [.. values.Select(value => -value)]),
            "Mul" => new ChannelMap(input, values, [0]),
            _ => new ChannelMap(input, [.. values.Select(value => 1 / value)], [0]),
        };
    }

    /// <summary>Scale and shift of every channel; null when they are for another number of channels. 0 takes the map's own number.</summary>
    public (float[] Scale, float[] Shift)? ChannelsOr(int channels)
    {
        channels = channels == 0 ? Math.Max(Scale.Length, Shift.Length) : channels;
        return Spread(Scale) is { } scale && Spread(Shift) is { } shift ? (scale, shift) : null;

        float[]? Spread(float[] values) =>
            values.Length == channels ? values : values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)] : null;
    }

    private static ChannelMap? OfNormalisation(GraphProto graph, NodeProto node)
    {
        var isTraining = node.Find("training_mode")?.I == 1 || node.Find("spatial") is { I: 0 };
        if (isTraining || node.Input.Count != 5 || graph.Floats(node.Input[1]) is not { } gamma || graph.Floats(node.Input[2]) is not { } beta
            || graph.Floats(node.Input[3]) is not { } mean || graph.Floats(node.Input[4]) is not { } variance)
            return null;
        if (beta.Length != gamma.Length || mean.Length != gamma.Length || variance.Length != gamma.Length)
            return null;
        var epsilon = node.Find("epsilon")?.F ?? DefaultEpsilon;
        var (scale, shift) = (new float[gamma.Length], new float[gamma.Length]);
        for (var channel = 0; channel < gamma.Length; channel++)
        {
            var factor = gamma[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            (scale[channel], shift[channel]) = ((float)factor, (float)(beta[channel] - (mean[channel] * factor)));
        }
        return new ChannelMap(node.Input[0], scale, shift);
    }

    /// <summary>The values of a constant that broadcasts along channels: one value, or [C, 1, 1] or [1, C, 1, 1].</summary>
    private static float[]? PerChannel(GraphProto graph, string name)
    {
        if (graph.Floats(name) is not { } values)
            return null;
        var shape = graph.Constant(name)!.Dims;
        return values.Length == 1 || shape is [_, 1, 1] or [1, _, 1, 1] ? values : null;
    }
}
