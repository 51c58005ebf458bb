using System.Buffers.Binary;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Reads constants of 32-bit floats and makes the constants a quantised graph has.</summary>
internal static class GraphConstants
{
    private const int UInt8 = 2;
    private const int Int8 = 3;
    private const int Int32 = 6;

    /// <summary>The values of a constant of the graph; null when the tensor is computed, of another type or damaged.</summary>
    public static float[]? Floats(this GraphProto graph, string name)
    {
        if (graph.Constant(name) is not { DataType: (int)TensorProto.Types.DataType.Float } tensor)
            return null;
        var count = tensor.Dims.Aggregate(1L, (size, dimension) => size * dimension);
        if (!tensor.HasRawData)
            return tensor.FloatData.Count == count ? [.. tensor.FloatData] : null;
        var raw = tensor.RawData.Span;
        if (raw.Length != count * sizeof(float))
            return null;
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]);
        return values;
    }

    public static TensorProto Floats(string name, float[] values, params ReadOnlySpan<long> dimensions)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { dimensions.ToArray() } };
        tensor.SetFloats(values);
        return tensor;
    }

    public static TensorProto Byte(string name, byte value) =>
        new() { Name = name, DataType = UInt8, RawData = Google.Protobuf.ByteString.CopyFrom(value) };

    public static TensorProto SBytes(string name, sbyte[] values, params IEnumerable<long> dimensions) => new()
    {
        Name = name,
        DataType = Int8,
        Dims = { dimensions },
        RawData = Google.Protobuf.ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<sbyte>(values)),
    };

    public static TensorProto Ints(string name, int[] values)
    {
        var raw = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(i * sizeof(int)), values[i]);
        return new TensorProto { Name = name, DataType = Int32, Dims = { values.Length }, RawData = Google.Protobuf.ByteString.CopyFrom(raw) };
    }
}
