using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Reads the tensors that a graph file holds.</summary>
internal static class ConstantReader
{
    private const int MaxRank = 8;

    /// <summary>The numbers of a Const node; <see cref="Unknown"/> for text and other types that no network computes with.</summary>
    /// <exception cref="TransferException">The tensor is damaged or too large.</exception>
    public static Value Read(Step step, ImportBudget budget)
    {
        if (step.Attribute("value", AttrValue.ValueOneofCase.Tensor)?.Tensor is not { } tensor)
            throw step.Fault("has a tensor in its attribute 'value'", "none");
        return (DataType)tensor.Dtype switch
        {
            DataType.Float => Floats(4, tensor.FloatVal, v => v, BinaryPrimitives.ReadSingleLittleEndian),
            DataType.Double => Floats(8, tensor.DoubleVal, v => (float)v, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
            DataType.Half => Floats(2, tensor.HalfVal, v => (float)BitConverter.UInt16BitsToHalf((ushort)v), b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
            DataType.BFloat16 => Floats(2, tensor.HalfVal, v => BFloat16((ushort)v), b => BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(b))),
            DataType.Int32 => Integers(4, tensor.IntVal, v => v, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
            DataType.UInt8 => Integers(1, tensor.IntVal, v => v, b => b[0]),
            DataType.Int8 => Integers(1, tensor.IntVal, v => v, b => (sbyte)b[0]),
            DataType.Int16 => Integers(2, tensor.IntVal, v => v, b => BinaryPrimitives.ReadInt16LittleEndian(b)),
            DataType.Int64 => Integers(8, tensor.Int64Val, v => v, BinaryPrimitives.ReadInt64LittleEndian),
            DataType.Bool => Integers(1, tensor.BoolVal, v => v ? 1 : 0, b => b[0] == 0 ? 0 : 1),
            _ => new Unknown(step.Fault("holds numbers or truth values where the network computes with it", $"data type {tensor.Dtype}").Message),
        };

        Constant Floats<T>(int size, RepeatedField<T> listed, Func<T, float> convert, Decode<float> decode)
        {
            var shape = Shape(step, tensor.TensorShape);
            var values = new float[budget.Take(shape, step.Name)];
            if (size == sizeof(float) && tensor.TensorContent.Length == (long)values.Length * size && BitConverter.IsLittleEndian)
                MemoryMarshal.Cast<byte, float>(tensor.TensorContent.Span).CopyTo(values);
            else
                Fill(step, tensor, values, size, listed, convert, decode);
            return new(shape, values);
        }

        Constant Integers<T>(int size, RepeatedField<T> listed, Func<T, long> convert, Decode<long> decode)
        {
            var shape = Shape(step, tensor.TensorShape);
            var values = new long[budget.Take(shape, step.Name)];
            Fill(step, tensor, values, size, listed, convert, decode);
            return new(shape, values);
        }
    }

    /// <summary>The dimensions of a shape whose sizes are all known.</summary>
    public static int[] Shape(Step step, ShapeDef? shape)
    {
        if (shape is { UnknownRank: true } || shape?.Dim.Count > MaxRank || shape?.Dim.Any(d => d.Size is < 0 or > int.MaxValue) == true)
            throw step.Fault($"has up to {MaxRank} dimensions of known size", $"[{string.Join(", ", shape.Dim.Take(MaxRank + 1).Select(d => d.Size))}]");
        return shape is null ? [] : [.. shape.Dim.Select(d => (int)d.Size)];
    }

    // A constant is a block of bytes, or a list of which the last number is repeated as often as the shape demands.
    private static void Fill<T, TListed>(
        Step step, TensorDef tensor, T[] values, int size, RepeatedField<TListed> listed, Func<TListed, T> convert, Decode<T> decode)
    {
        var content = tensor.TensorContent.Span;
        if (content.Length > 0)
        {
            if (content.Length != (long)values.Length * size)
                throw step.Fault($"has {(long)values.Length * size} bytes for its shape", $"{content.Length}");
            for (var i = 0; i < values.Length; i++)
                values[i] = decode(content.Slice(i * size, size));
            return;
        }
        if (listed.Count > values.Length)
            throw step.Fault($"has at most {values.Length} numbers for its shape", $"{listed.Count}");
        for (var i = 0; i < values.Length; i++)
            values[i] = listed.Count == 0 ? default! : i < listed.Count ? convert(listed[i]) : values[i - 1];
    }

    private static float BFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private delegate T Decode<out T>(ReadOnlySpan<byte> bytes);
}
