using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Writes the finished layers as an ONNX model.</summary>
internal static class OnnxWriter
{
    private const int Opset = 13;
    private const int IrVersion = 7;

    /// <summary>The model, of one image input and one output.</summary>
    /// <exception cref="TransferException">A weight is not a number.</exception>
    public static ModelProto Write(OnnxLayers layers, ImageSource input, int side, Activation output, string source)
    {
        var graph = new GraphProto { Name = "tensorflow" };
        graph.Input.Add(Declared(input.Tensor, [input.Channels, side, side]));
        graph.Output.Add(Declared(output.Tensor, output.Stored[1..]));
        foreach (var layer in layers.Nodes)
            graph.Node.Add(layer.Affine is { } affine ? Scaled(layers, layer, affine, source) : Node(layers, layer, source));
        var read = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        graph.Initializer.Add(layers.Constants.Where(constant => read.Contains(constant.Name)));
        var opset = new OperatorSetIdProto { Version = Opset };
        return new ModelProto { IrVersion = IrVersion, ProducerName = "MLNetTransfer", Graph = graph, OpsetImport = { opset } };
    }

    /// <summary>A tensor of 32-bit floats [N, ...], N open.</summary>
    private static ValueInfoProto Declared(string name, int[] dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        shape.Dim.Add(dimensions.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new() { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    private static NodeProto Node(OnnxLayers layers, OnnxNode layer, string source)
    {
        var node = new NodeProto { Name = layer.Output, OpType = layer.Operator, Input = { layer.Inputs }, Attribute = { layer.Attributes } };
        node.Output.Add(layer.MoreOutputs.Prepend(layer.Output));
        if (layer.Weights is { } weights)
        {
            node.Input.Add(layers.Floats(layer.Output, "weights", Finite(weights.Values, layer, source), weights.Shape));
            if (weights.Bias is { } bias)
                node.Input.Add(layers.Floats(layer.Output, "bias", Finite(bias, layer, source), bias.Length));
        }
        if (layer.Pads is { } pads && layer.Operator != "Pad")
            node.Attribute.Add(OnnxLayers.Attribute("pads", pads));
        if (layer.Operator == "AveragePool")
            node.Attribute.Add(OnnxLayers.Attribute("count_include_pad", 0L));
        return node;
    }

    private static NodeProto Scaled(OnnxLayers layers, OnnxNode layer, Affine affine, string source)
    {
        var (scale, shift) = (Finite(affine.Scale, layer, source), Finite(affine.Shift, layer, source));
        var node = new NodeProto { Name = layer.Output, Output = { layer.Output }, Input = { layer.Inputs } };
        var isShiftOnly = scale.All(v => v == 1);
        if (isShiftOnly || shift.All(v => v == 0))
        {
            node.OpType = isShiftOnly ? "Add" : "Mul";
            var values = isShiftOnly ? shift : scale;
            // Along dimension 1, whatever follows it.
            int[] shape = values.Length == 1 ? [] : [values.Length, .. Enumerable.Repeat(1, layer.Shape.Length - 2)];
            node.Input.Add(layers.Floats(layer.Output, isShiftOnly ? "shift" : "scale", values, shape));
            return node;
        }
        node.OpType = "BatchNormalization";
        node.Attribute.Add(OnnxLayers.Attribute("epsilon", 0f));
        float[] Each(float[] values) => values.Length == affine.Channels ? values : [.. Enumerable.Repeat(values[0], affine.Channels)];
        node.Input.Add(layers.Floats(layer.Output, "scale", Each(scale), affine.Channels));
        node.Input.Add(layers.Floats(layer.Output, "shift", Each(shift), affine.Channels));
        node.Input.Add(layers.Floats(layer.Output, "mean", Each([0]), affine.Channels));
        node.Input.Add(layers.Floats(layer.Output, "variance", Each([1]), affine.Channels));
        return node;
    }

    private static float[] Finite(float[] values, OnnxNode layer, string source) => Array.TrueForAll(values, float.IsFinite)
        ? values
        : throw new TransferException(
            $"The weights of a network are finite numbers; those of '{layer.Output}' in '{source}' are not all. " +
            "The file is damaged, or the network diverged in training.");
}
