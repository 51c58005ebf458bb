using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>The filters of the first convolution of a network: what it looks for in pixels. Immutable.</summary>
public sealed class FilterBank
{
    private readonly float[] _weights;

    private FilterBank(FirstConvolution convolution, PixelOrder order)
    {
        (Count, Channels, Height, Width, _weights) = (convolution.Filters, convolution.Channels, convolution.Height, convolution.Width, convolution.Weights);
        Order = order;
    }

    /// <summary>The number of filters, 1 or more.</summary>
    public int Count { get; }

    /// <summary>The channels of a filter: 3, or 1 for grey.</summary>
    public int Channels { get; }

    /// <summary>The height of a filter in pixels, 1 or more.</summary>
    public int Height { get; }

    /// <summary>The width of a filter in pixels, 1 or more.</summary>
    public int Width { get; }

    /// <summary>The order of the channels.</summary>
    public PixelOrder Order { get; }

    /// <summary>One weight, as the graph stores it.</summary>
    /// <param name="filter">The filter, from 0.</param>
    /// <param name="channel">The channel in <see cref="Order"/>, from 0.</param>
    /// <param name="row">From 0, at the top.</param>
    /// <param name="column">From 0, at the left.</param>
    public float this[int filter, int channel, int row, int column] => _weights[((filter * Channels + channel) * Height + row) * Width + column];

    /// <summary>The filters of a backbone.</summary>
    /// <exception cref="TransferException">No convolution of stored 32-bit weights reads the image.</exception>
    public static FilterBank Of(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var cut = backbone.CutAt(backbone.Cuts.MinBy(cut => cut.MultiplyAdds)!);
        return new FilterBank(FirstConvolution.Find(cut.Onnx, backbone.Preprocessing.Channels, backbone.Name), backbone.Preprocessing.Order);
    }

    /// <summary>Writes a PNG of all filters in colour, each scaled by its largest weight: a weight of 0 is mid-grey. The file appears complete or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var length = Channels * Height * Width;
        float[] largest = [.. Enumerable.Range(0, Count).Select(filter => _weights.AsSpan(filter * length, length).ToArray().Max(MathF.Abs))];
        var (red, green, blue) = Order switch { PixelOrder.Gray => (0, 0, 0), PixelOrder.Bgr => (2, 1, 0), _ => (0, 1, 2) };
        using var sheet = PictureGrid.Draw(Count, Height, Width, (filter, row, column) =>
        {
            return new SKColor(Value(red), Value(green), Value(blue));

            byte Value(int channel) => (byte)MathF.Round(largest[filter] == 0 ? 127.5f : 127.5f + 127.5f * this[filter, channel, row, column] / largest[filter]);
        });
        PngFile.Write(path, sheet);
    }
}
