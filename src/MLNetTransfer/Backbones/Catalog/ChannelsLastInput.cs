using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>Lets a graph that takes pictures channels last, as TensorFlow does, take them channels first.</summary>
internal static class ChannelsLastInput
{
    /// <summary>The same network with the input [N, 3, S, S].</summary>
    /// <exception cref="TransferException">It is not ONNX, or its input is not [N, S, S, 3].</exception>
    public static byte[] ToChannelsFirst(byte[] onnx, string source)
    {
        var model = OnnxFile.Parse(onnx, source);
        var graph = model.Graph;
        var inputs = graph.FreeInputs().ToList();
        if (inputs is not [{ Type.TensorType.Shape.Dim: [var batch, var height, var width, var channels] } input])
            throw new TransferException($"A network with channels last has one input [N, S, S, 3]; '{source}' has none. Use another network.");
        var turned = input.Name + ":nhwc";
        while (graph.Node.Any(node => node.Output.Contains(turned)))
            turned += "'";
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == input.Name)
                    node.Input[i] = turned;
        var turn = new NodeProto { OpType = "Transpose", Name = turned, Input = { input.Name }, Output = { turned } };
        turn.Attribute.Add(new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0, 2, 3, 1 } });
        graph.Node.Insert(0, turn);
        var shape = new TensorShapeProto { Dim = { batch, channels, height, width } };
        input.Type.TensorType.Shape = shape;
        return OnnxFile.Write(model);
    }
}
