namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>How the window of a convolution or pooling moves over a map, in TensorFlow's terms made explicit.</summary>
/// <param name="Kernel">Rows and columns of the window.</param>
/// <param name="Stride">How far it moves, down and right.</param>
/// <param name="Dilation">How far its taps lie apart.</param>
/// <param name="Pads">What is added above, left, below, right.</param>
/// <param name="Height">The rows of the result.</param>
/// <param name="Width">The columns of the result.</param>
internal sealed record Window((int Rows, int Columns) Kernel, (int Rows, int Columns) Stride, (int Rows, int Columns) Dilation, int[] Pads, int Height, int Width)
{
    private const int Most = 1 << 14;

    /// <summary>The window of a node over a map of so many rows and columns.</summary>
    public static Window Of(Step step, (int Rows, int Columns) kernel, int height, int width, (int Rows, int Columns)? blocks = null)
    {
        var (stride, dilation) = (Pair(step, "strides"), Pair(step, "dilations"));
        if (blocks is { } block)
            dilation = (dilation.Rows * block.Rows, dilation.Columns * block.Columns);
        var (rows, columns) = (Taps(step, kernel.Rows, dilation.Rows), Taps(step, kernel.Columns, dilation.Columns));
        int[] pads = step.Text("padding", "") switch
        {
            "VALID" => [0, 0, 0, 0],
            "SAME" when blocks is null => Same(height, width, rows, columns, stride),
            "EXPLICIT" when blocks is null => Explicit(step),
            var other => throw step.Fault("has the padding SAME, VALID or EXPLICIT, and VALID between blocks", $"'{other}'"),
        };
        return new Window(kernel, stride, dilation, pads,
            Size(step, height, pads[0] + pads[2], rows, stride.Rows), Size(step, width, pads[1] + pads[3], columns, stride.Columns));
    }

    /// <summary>An attribute [1, rows, columns, 1] in the order of the node's data format; 1 and 1 when absent.</summary>
    public static (int Rows, int Columns) Pair(Step step, string attribute)
    {
        var list = step.List(attribute);
        if (list is null or [])
            return (1, 1);
        var (rows, columns, image, channel) = list.Length != 4 ? (0, 0, 0, 0)
            : step.IsChannelsFirst ? (list[2], list[3], list[0], list[1])
            : (list[1], list[2], list[0], list[3]);
        return image == 1 && channel == 1 && rows is >= 1 and <= Most && columns is >= 1 and <= Most
            ? ((int)rows, (int)columns)
            : throw step.Fault(
                $"has '{attribute}' of 1 for images and channels, and 1 to {Most} for rows and columns", $"[{string.Join(", ", list.Take(8))}]");
    }

    private static int Taps(Step step, int kernel, int dilation) => ((kernel - 1L) * dilation) + 1 is <= 1 << 20 and var taps
        ? (int)taps
        : throw step.Fault("has a window that fits on a picture", $"{kernel} taps {dilation} apart");

    // As little as makes the result ceil(size / stride) large; an odd one goes below and right.
    private static int[] Same(int height, int width, int rows, int columns, (int Rows, int Columns) stride)
    {
        var (down, right) = (Total(height, rows, stride.Rows), Total(width, columns, stride.Columns));
        return [down / 2, right / 2, down - (down / 2), right - (right / 2)];

        static int Total(int size, int taps, int stride) => Math.Max(((((size + stride - 1) / stride) - 1) * stride) + taps - size, 0);
    }

    private static int[] Explicit(Step step)
    {
        if (step.List("explicit_paddings") is not { Length: 8 } list || list.Any(pad => pad is < 0 or > Most))
            throw step.Fault($"has 8 explicit_paddings of 0 to {Most}", $"{step.List("explicit_paddings")?.Length ?? 0}");
        var first = step.IsChannelsFirst ? 4 : 2;
        return [(int)list[first], (int)list[first + 2], (int)list[first + 1], (int)list[first + 3]];
    }

    private static int Size(Step step, int size, int pads, int taps, int stride) => size + pads >= taps
        ? ((size + pads - taps) / stride) + 1
        : throw step.Fault(
            "has a window no larger than its map", $"{taps} over {size + pads}",
            "The side of the images does not suit the network: choose the one it was made for with --side.");
}
