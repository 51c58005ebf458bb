using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>What the channels of a cut answer to the places of one image: the maps whose averages are its features. Immutable.</summary>
public sealed class ActivationMaps
{
    private readonly (TensorShape Shape, float[] Values)[] _layers;

    private ActivationMaps(string image, (TensorShape, float[])[] layers)
    {
        (Image, _layers) = (image, layers);
        Layers = [.. _layers.Select(layer => new CutShape(layer.Shape.Channels, layer.Shape.Height, layer.Shape.Width))];
    }

    /// <summary>The image file as it was given.</summary>
    public string Image { get; }

    /// <summary>The shape of each tensor of the cut that has maps, in the order of the cut.</summary>
    public IReadOnlyList<CutShape> Layers { get; }

    /// <summary>One value of a map.</summary>
    /// <param name="layer">The tensor, an index of <see cref="Layers"/>.</param>
    /// <param name="channel">The channel, from 0.</param>
    /// <param name="row">From 0, at the top.</param>
    /// <param name="column">From 0, at the left.</param>
    public float this[int layer, int channel, int row, int column]
    {
        get
        {
            var (shape, values) = _layers[layer];
            return values[shape.IsChannelsLast ? (row * shape.Width + column) * shape.Channels + channel : (channel * shape.Height + row) * shape.Width + column];
        }
    }

    /// <summary>Runs an image up to a cut.</summary>
    /// <param name="cut">The part of a backbone below a cut, where layers keep the shape of the image or their averages are taken.</param>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    /// <exception cref="TransferException">The features of the cut have no place in the image.</exception>
    public static ActivationMaps Of(BackboneCut cut, string path)
    {
        ArgumentNullException.ThrowIfNull(cut);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var network = new ExplainedNetwork(cut.Onnx, cut.Backbone.Preprocessing, cut.Backbone.Name, threads: 1);
        if (!network.Parts.Any(part => part.IsSpatial))
            throw new TransferException($"Maps are shown where features are averages of maps; those of {cut.Backbone.Name} cut at {cut.Cut.Name} are not. Choose one of "
                + $"{string.Join(", ", cut.Backbone.Cuts.Where(other => other.Shape.Height > 1).Select(other => other.Name).DefaultIfEmpty("another backbone"))}.");
        return Of(network, path);
    }

    internal static ActivationMaps Of(ExplainedNetwork network, string path)
    {
        var (_, maps) = network.Run(network.Read(path));
        return new ActivationMaps(path, [.. network.Parts.Where(part => part.IsSpatial).Select(part => (part, maps(part)))]);
    }

    /// <summary>Writes a PNG of all maps, each from black (its least value) to white (its largest), tensor below tensor. The file appears complete or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SKBitmap[] grids = [.. Layers.Select((_, layer) => Draw(layer))];
        try
        {
            using var sheet = PictureGrid.Stack(grids);
            PngFile.Write(path, sheet);
        }
        finally
        {
            foreach (var grid in grids)
                grid.Dispose();
        }
    }

    private SKBitmap Draw(int layer)
    {
        var (channels, height, width) = Layers[layer];
        var ranges = new (float Low, float High)[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            ranges[channel] = (float.PositiveInfinity, float.NegativeInfinity);
            for (var place = 0; place < height * width; place++)
            {
                var value = this[layer, channel, place / width, place % width];
                ranges[channel] = (Math.Min(ranges[channel].Low, value), Math.Max(ranges[channel].High, value));
            }
        }
        return PictureGrid.Draw(channels, height, width, (channel, row, column) =>
        {
            var (low, high) = ranges[channel];
            var grey = (byte)(high > low ? MathF.Round(255 * (this[layer, channel, row, column] - low) / (high - low)) : 0);
            return new SKColor(grey, grey, grey);
        });
    }
}
