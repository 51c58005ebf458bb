using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Backbones.Onnx.AttributeProto.Types;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>The ONNX graph under construction: its nodes in topological order, and the constants they read.</summary>
internal sealed class OnnxLayers(ImportBudget budget)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public List<OnnxNode> Nodes { get; } = [];

    public List<TensorProto> Constants { get; } = [];

    /// <summary>A constant of floats.</summary>
    /// <returns>Its name: the one proposed, which no node of TensorFlow can have, or one like it.</returns>
    public string Floats(string node, string role, float[] values, params int[] shape)
    {
        var tensor = new TensorProto { Name = NameOf(node, role), DataType = (int)TensorProto.Types.DataType.Float };
        foreach (var dimension in shape)
            tensor.Dims.Add(dimension);
        tensor.SetFloats(values);
        Constants.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A constant row of integers.</summary>
    public string Integers(string node, string role, params long[] values)
    {
        Constants.Add(GraphNodes.Int64s(NameOf(node, role), values));
        return Constants[^1].Name;
    }

    /// <summary>A constant's numbers in the order an activation is stored in; broadcast from the right as TensorFlow does.</summary>
    /// <returns>The shape, with as many dimensions as the activation, and the numbers; null when they do not fit.</returns>
    public (int[] Shape, float[] Values)? Stored(Constant constant, Activation beside, string node)
    {
        if (constant.Shape.Length > beside.Rank)
            return null;
        int[] shape = [.. Enumerable.Repeat(1, beside.Rank - constant.Shape.Length), .. constant.Shape];
        if (shape is not [1, ..] || Enumerable.Range(1, shape.Length - 1).Any(axis => shape[axis] != 1 && shape[axis] != beside.Shape[axis]))
            return null;
        var values = ConstantMath.AsFloats(constant);
        if (beside.Flattened is [var height, var width, var channels] && shape[1] != 1)
            return (shape, ConstantMath.Transpose(values, [height, width, channels], [2, 0, 1], budget, node));
        return ([.. beside.Order.Select(axis => shape[axis])], ConstantMath.Transpose(values, shape, beside.Order, budget, node));
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Attribute(string name, params IEnumerable<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        foreach (var value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    // TensorFlow's names hold no colon: a name with one is free.
    private string NameOf(string node, string role) => GraphCut.Unused(_names, $"{node}:{role}");
}
