namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>What is known of a tensor without running the graph.</summary>
/// <param name="type">ONNX's number of its element type; 0 when unknown.</param>
/// <param name="dims">Its dimensions, each 0 or more; the number of images is <see cref="ShapeInference.Batch"/>.</param>
internal sealed class TensorFacts(int type, long[] dims)
{
    public const int Float = (int)TensorProto.Types.DataType.Float;
    public const int UInt8 = 2;
    public const int Int32 = (int)TensorProto.Types.DataType.Int32;
    public const int Int64 = (int)TensorProto.Types.DataType.Int64;
    public const int Bool = 9;

    public int Type { get; } = type;

    public long[] Dims { get; } = dims;

    public int Rank => Dims.Length;

    /// <summary>The whole numbers it holds, where they follow from constants and shapes and are few: the arithmetic on sizes in a graph.</summary>
    public long[]? Values { get; init; }

    /// <summary>Whether it depends on the image.</summary>
    public bool IsImageData { get; init; }

    /// <summary>Whether its four axes are [N, H, W, C]; otherwise they are [N, C, H, W].</summary>
    public bool IsChannelsLast { get; init; }

    /// <summary>The number of elements.</summary>
    /// <exception cref="OverflowException">It is beyond all measure.</exception>
    public long Count => Dims.Aggregate(1L, (count, dimension) => checked(count * dimension));

    public override string ToString() => $"[{string.Join(", ", Dims.Select(Text))}]";

    private static string Text(long dimension) =>
        dimension == ShapeInference.Batch ? "N" : dimension.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
