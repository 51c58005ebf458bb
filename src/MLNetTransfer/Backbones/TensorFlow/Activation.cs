namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>
/// A tensor computed from images. TensorFlow's view of it (<see cref="Shape"/>) and how the ONNX graph stores it may differ in the order
/// of dimensions: maps are stored with the channels before height and width, so that no transposition is ever needed.
/// </summary>
/// <param name="tensor">Its name in the ONNX graph.</param>
/// <param name="shape">TensorFlow's dimensions; the first is <see cref="Batch"/>.</param>
/// <param name="order">For each stored dimension, which of TensorFlow's dimensions it is; the batch stays first.</param>
internal sealed class Activation(string tensor, int[] shape, int[] order) : Value
{
    /// <summary>The dimension that stands for the number of images.</summary>
    public const int Batch = -1;

    /// <summary>[N, H, W, C] stored as [N, C, H, W].</summary>
    public static readonly int[] ChannelsFirst = [0, 3, 1, 2];

    public string Tensor => tensor;

    public int[] Shape => shape;

    public int[] Order => order;

    public int Rank => shape.Length;

    /// <summary>H, W and C when this is a row [N, H * W * C] that is stored in the order C, H, W; otherwise null.</summary>
    public int[]? Flattened { get; init; }

    /// <summary>Set between SpaceToBatchND and BatchToSpaceND: the tensor is the one that was never split into blocks.</summary>
    public Blocks? Blocks { get; init; }

    /// <summary>The dimensions as stored.</summary>
    public int[] Stored => [.. order.Select(d => shape[d])];

    /// <summary>The number of values an image has.</summary>
    public int Length => shape.Skip(1).Aggregate(1, (product, d) => product * d);

    /// <summary>Where a dimension of TensorFlow's is stored.</summary>
    public int StoredAxis(int axis) => Array.IndexOf(order, axis);

    /// <summary>The same stored numbers under another view.</summary>
    public Activation Viewed(int[] newShape, int[] newOrder) => new(tensor, newShape, newOrder);

    /// <summary>The order of a tensor that is stored as TensorFlow sees it.</summary>
    public static int[] Plain(int rank) => [.. Enumerable.Range(0, rank)];
}

/// <summary>The dilation that TensorFlow spells out as splitting a map into blocks.</summary>
/// <param name="Height">The dilation of rows.</param>
/// <param name="Width">The dilation of columns.</param>
/// <param name="Pads">Zeros added above, left, below and right before splitting.</param>
/// <param name="Convolution">The convolution of the blocks; null before it.</param>
internal sealed record Blocks(int Height, int Width, int[] Pads, OnnxNode? Convolution);
