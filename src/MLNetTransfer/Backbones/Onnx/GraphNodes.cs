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

    /// <summary>What a Constant node holds; null when it is none, or holds text or a sparse tensor.</summary>
    public static TensorProto? ConstantValue(this NodeProto node)
    {
        if (!node.Is("Constant") || node.Attribute.FirstOrDefault(a => a.Name.StartsWith("value", StringComparison.Ordinal)) is not { } value)
            return null;
        return value.Name switch
        {
            "value" => value.T,
            "value_int" => new TensorProto { DataType = (int)TensorProto.Types.DataType.Int64, Int64Data = { value.I } },
            "value_ints" => Int64s("", [.. value.Ints]),
            "value_float" => new TensorProto { DataType = (int)TensorProto.Types.DataType.Float, FloatData = { value.F } },
            "value_floats" => new TensorProto { DataType = (int)TensorProto.Types.DataType.Float, Dims = { value.Floats.Count }, FloatData = { value.Floats } },
            _ => null,
        };
    }

    /// <summary>The constant of a name: an initialiser, or the value of a Constant node. Null when it is computed. For many names take <see cref="Constants"/>.</summary>
    public static TensorProto? Constant(this GraphProto graph, string name) =>
        graph.Initializer.FirstOrDefault(i => i.Name == name) ?? graph.Node.FirstOrDefault(n => n.Output.Contains(name))?.ConstantValue();

    /// <summary>The constants of a graph by name: its initialisers and the values of its Constant nodes.</summary>
    public static Dictionary<string, TensorProto> Constants(this GraphProto graph)
    {
        var constants = new Dictionary<string, TensorProto>();
        foreach (var initializer in graph.Initializer)
            constants.TryAdd(initializer.Name, initializer);
        foreach (var node in graph.Node)
            if (node.ConstantValue() is { } value && node.Output.Count > 0)
                constants.TryAdd(node.Output[0], value);
        return constants;
    }

    /// <summary>The node that computes each tensor.</summary>
    public static Dictionary<string, NodeProto> Producers(this GraphProto graph)
    {
        var producers = new Dictionary<string, NodeProto>();
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                if (output != "")
                    producers.TryAdd(output, node);
        return producers;
    }

    /// <summary>The numbers of a tensor of 64-bit integers; null when it is of another type.</summary>
    public static long[]? Int64Values(this TensorProto tensor) =>
        tensor.DataType == (int)TensorProto.Types.DataType.Int64 ? tensor.WholeValues(int.MaxValue) : null;

    /// <summary>The numbers of a tensor of integers or truth values; null when it is of another type or holds more than a few.</summary>
    public static long[]? WholeValues(this TensorProto tensor, int most)
    {
        const int Int32 = (int)TensorProto.Types.DataType.Int32;
        const int Int64 = (int)TensorProto.Types.DataType.Int64;
        if (tensor.DataType is not (Int32 or Int64))
            return null;
        var size = tensor.DataType == Int64 ? sizeof(long) : sizeof(int);
        var raw = tensor.RawData.Span;
        var count = tensor.HasRawData ? raw.Length / size : tensor.DataType == Int64 ? tensor.Int64Data.Count : tensor.Int32Data.Count;
        if (count > most)
            return null;
        if (!tensor.HasRawData)
            return tensor.DataType == Int64 ? [.. tensor.Int64Data] : [.. tensor.Int32Data.Select(value => (long)value)];
        var values = new long[count];
        for (var i = 0; i < count; i++)
            values[i] = size == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(raw[(i * size)..]) : BinaryPrimitives.ReadInt32LittleEndian(raw[(i * size)..]);
        return values;
    }

    /// <summary>The numbers of a tensor of 32-bit floats; null when it is of another type or holds more than a few.</summary>
    public static float[]? FloatValues(this TensorProto tensor, int most)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
            return null;
        var raw = tensor.RawData.Span;
        if ((tensor.HasRawData ? raw.Length / sizeof(float) : tensor.FloatData.Count) > most)
            return null;
        if (!tensor.HasRawData)
            return [.. tensor.FloatData];
        var values = new float[raw.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]);
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
