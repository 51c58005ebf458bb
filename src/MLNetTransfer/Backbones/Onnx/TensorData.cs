using System.Globalization;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Whether a stored tensor holds as much data as its dimensions say, so that nobody later reserves memory for numbers that are not there.</summary>
internal static class TensorData
{
    /// <summary>What is wrong with it, as a part of a sentence; null when nothing is.</summary>
    public static string? Fault(TensorProto tensor)
    {
        var count = Int128.One;
        foreach (var dimension in tensor.Dims)
        {
            if (dimension < 0)
                return Say($"the tensor '{tensor.Name}' has a dimension of {dimension}");
            count *= dimension;
            if (count > long.MaxValue)
                return Say($"the tensor '{tensor.Name}' has dimensions beyond all measure");
        }
        // Types that this project does not know have no known size; nothing here reads them.
        if (Layout(tensor) is not { } layout)
            return null;
        var (bits, fields) = layout;
        var (expected, received, unit) = tensor.HasRawData
            ? ((count * bits + 7) / 8, tensor.RawData.Length, "bytes")
            : (bits < 8 ? (count * bits + 7) / 8 : count, fields, "numbers");
        return expected == received ? null : Say($"the tensor '{tensor.Name}' holds {received} {unit} where its dimensions ask for {expected}");
    }

    /// <summary>The bits of an element and the number of elements that are not in raw_data.</summary>
    private static (int Bits, int Fields)? Layout(TensorProto tensor) => tensor.DataType switch
    {
        1 => (32, tensor.FloatData.Count),
        2 or 3 or 9 => (8, tensor.Int32Data.Count),
        4 or 5 or 10 or 16 => (16, tensor.Int32Data.Count),
        6 => (32, tensor.Int32Data.Count),
        7 => (64, tensor.Int64Data.Count),
        8 => (int.MaxValue, tensor.StringData.Count),
        11 => (64, tensor.DoubleData.Count),
        12 => (32, tensor.Uint64Data.Count),
        13 => (64, tensor.Uint64Data.Count),
        14 => (64, tensor.FloatData.Count / 2),
        15 => (128, tensor.DoubleData.Count / 2),
        17 or 18 or 19 or 20 => (8, tensor.Int32Data.Count),
        21 or 22 => (4, tensor.Int32Data.Count),
        _ => null,
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
