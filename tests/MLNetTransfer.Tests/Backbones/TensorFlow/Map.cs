namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>One image or map [H, W, C], and what TensorFlow's documentation says its operators do with it: loops, nothing else.</summary>
internal sealed class Map(int height, int width, int channels)
{
    private readonly float[] _values = new float[height * width * channels];

    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    /// <summary>The values in TensorFlow's order.</summary>
    public float[] Values => _values;

    public float this[int y, int x, int c]
    {
        get => _values[(((y * width) + x) * channels) + c];
        set => _values[(((y * width) + x) * channels) + c] = value;
    }

    public static Map Random(int height, int width, int channels, int seed)
    {
        var map = new Map(height, width, channels);
        OnnxModels.RandomFloats(map._values.Length, seed).CopyTo(map._values, 0);
        return map;
    }

    /// <summary>The values channel by channel.</summary>
    public float[] Stored() => Tensors.ToChannelsFirst(_values, height, width, channels);

    public Map Each(Func<float, float> function) => Build(height, width, channels, (y, x, c) => function(this[y, x, c]));

    public Map With(Map other, Func<float, float, float> function) =>
        Build(height, width, channels, (y, x, c) => function(this[y, x, c], other[y % other.Height, x % other.Width, c % other.Channels]));

    public static Map Build(int height, int width, int channels, Func<int, int, int, float> value)
    {
        var map = new Map(height, width, channels);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < channels; c++)
                    map[y, x, c] = value(y, x, c);
        return map;
    }

    /// <summary>A convolution with a filter [rows, columns, read, written]; groups when it reads fewer channels than there are.</summary>
    public Map Convolve(float[] filter, int rows, int columns, int read, int written, int stride, int dilation, (int Rows, int Columns)? pads, bool isSame)
    {
        var (top, outHeight) = Slide(height, rows, stride, dilation, isSame, pads?.Rows);
        var (left, outWidth) = Slide(width, columns, stride, dilation, isSame, pads?.Columns);
        return Build(outHeight, outWidth, written, (y, x, o) =>
        {
            double sum = 0;
            var first = o / (written / (channels / read)) * read;
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    for (var c = 0; c < read; c++)
                        sum += At((y * stride) - top + (i * dilation), (x * stride) - left + (j * dilation), first + c)
                            * filter[(((((i * columns) + j) * read) + c) * written) + o];
            return (float)sum;
        });
    }

    /// <summary>A convolution of each channel with filters [rows, columns, channels, multiplier].</summary>
    public Map ConvolveDepthwise(float[] filter, int rows, int columns, int multiplier, int stride, bool isSame)
    {
        var (top, outHeight) = Slide(height, rows, stride, 1, isSame, null);
        var (left, outWidth) = Slide(width, columns, stride, 1, isSame, null);
        return Build(outHeight, outWidth, channels * multiplier, (y, x, o) =>
        {
            double sum = 0;
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    sum += At((y * stride) - top + i, (x * stride) - left + j, o / multiplier) * filter[(((i * columns) + j) * channels * multiplier) + o];
            return (float)sum;
        });
    }

    /// <summary>The largest, or the mean, of those values under a window that lie on the map.</summary>
    public Map Pool(int size, int stride, bool isSame, bool isMean)
    {
        var (top, outHeight) = Slide(height, size, stride, 1, isSame, null);
        var (left, outWidth) = Slide(width, size, stride, 1, isSame, null);
        return Build(outHeight, outWidth, channels, (y, x, c) =>
        {
            var seen = new List<float>();
            for (var i = (y * stride) - top; i < (y * stride) - top + size; i++)
                for (var j = (x * stride) - left; j < (x * stride) - left + size; j++)
                    if (i >= 0 && i < height && j >= 0 && j < width)
                        seen.Add(this[i, j, c]);
            return isMean ? seen.Average() : seen.Max();
        });
    }

    public Map Pad(int top, int bottom, int left, int right, float value = 0) =>
        Build(height + top + bottom, width + left + right, channels, (y, x, c) => IsOn(y - top, x - left) ? this[y - top, x - left, c] : value);

    public float[] Means() => [.. Enumerable.Range(0, channels).Select(c => _values.Where((_, i) => i % channels == c).Average())];

    private bool IsOn(int y, int x) => y >= 0 && y < height && x >= 0 && x < width;

    private float At(int y, int x, int c) => IsOn(y, x) ? this[y, x, c] : 0;

    // As TensorFlow documents SAME: ceil(size / stride) results, the padding halved, an odd one at the end.
    private static (int Before, int Count) Slide(int size, int window, int stride, int dilation, bool isSame, int? pad)
    {
        var taps = ((window - 1) * dilation) + 1;
        if (!isSame)
            return (pad ?? 0, ((size + (2 * (pad ?? 0)) - taps) / stride) + 1);
        var count = (int)Math.Ceiling((double)size / stride);
        var total = size % stride == 0 ? Math.Max(taps - stride, 0) : Math.Max(taps - (size % stride), 0);
        return (total / 2, count);
    }
}
