using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>What is asked of nodes, attributes and constants again and again.</summary>
internal static class GraphNodes
{
    /// <summary>Whether the node is of one of ONNX's own operators.</summary>
    public static bool Is(this NodeProto node, params ReadOnlySpan<string> operators) =>
        node.Domain is "" or "ai.onnx" && operators.Contains(node.OpType);

    public static AttributeProto? Find(this NodeProto node, string attribute) => node.Attribute.FirstOrDefault(a => a.Name == attribute);

    public static IEnumerable<GraphProto> InnerGraphs(this AttributeProto attribute) =>
        attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);

    /// <summary>Every tensor the node reads: its inputs and what graphs inside it (If, Loop, Scan) may read from outside.</summary>
    public static IEnumerable<string> Reads(this NodeProto node) =>
        node.Input.Concat(node.Attribute.SelectMany(a => a.InnerGraphs())
            .SelectMany(inner => inner.Node.SelectMany(n => n.Reads()).Concat(inner.Output.Select(o => o.Name))));

    /// <summary>Every tensor name in use, inner graphs included.</summary>
    public static HashSet<string> Names(this GraphProto graph) =>
    [
        .. graph.Input.Select(i => i.Name), .. graph.Output.Select(o => o.Name), .. graph.Initializer.Select(i => i.Name),
        .. graph.Node.SelectMany(n => n.Reads().Concat(n.Output)),
        .. graph.Node.SelectMany(n => n.Attribute).SelectMany(a => a.InnerGraphs()).SelectMany(Names),
    ];

    /// <summary>The inputs an image can be fed to: not those that only let a caller override an initialiser (IR 3 and older list them all).</summary>
    public static IEnumerable<ValueInfoProto> FreeInputs(this GraphProto graph)
    {
        var initialised = graph.Initializer.Select(i => i.Name).ToHashSet();
        return graph.Input.Where(input => !initialised.Contains(input.Name));
    }

    /// <summary>The constant of a name: an initialiser, or the value of a Constant node. Null when it is computed.</summary>
    public static TensorProto? Constant(this GraphProto graph, string name)
    {
        if (graph.Initializer.FirstOrDefault(i => i.Name == name) is { } initializer)
            return initializer;
        var node = graph.Node.FirstOrDefault(n => n.Output.Contains(name) && n.Is("Constant"));
        return node?.Find("value")?.T ?? (node?.Find("value_ints") is { } ints ? Int64s(name, [.. ints.Ints]) : null);
    }

    /// <summary>The numbers of a tensor of 64-bit integers; null when it is of another type or damaged.</summary>
    public static long[]? Int64Values(this TensorProto tensor)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Int64)
            return null;
        if (!tensor.HasRawData)
            return [.. tensor.Int64Data];
        var raw = tensor.RawData.Span;
        var values = new long[raw.Length / sizeof(long)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(raw[(i * sizeof(long))..]);
        return values;
    }

    public static TensorProto Int64s(string name, params ReadOnlySpan<long> values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64, Dims = { values.Length } };
        foreach (var value in values)
            tensor.Int64Data.Add(value);
        return tensor;
    }

    /// <summary>Replaces the numbers of a tensor of 32-bit floats, whichever of the format's fields held them.</summary>
    public static void SetFloats(this TensorProto tensor, float[] values)
    {
        var raw = new byte[values.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(raw);
        else
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), values[i]);
        tensor.FloatData.Clear();
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(raw);
    }
}
