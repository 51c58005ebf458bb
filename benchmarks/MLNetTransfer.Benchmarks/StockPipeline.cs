using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// What a user of ML.NET alone would write: load, resize (Fill, as this library squashes), extract, apply the same ONNX graph. ExtractPixels knows
/// one offset and one scale for all channels, so that mean and deviation are their averages over the channels.
/// </summary>
internal sealed class StockPipeline : IDisposable
{
    private readonly MLContext _context = new(0);
    private readonly ITransformer _model;
    private readonly string _output;
    private readonly string _graph = Path.Combine(Path.GetTempPath(), $"mlnettransfer-{Guid.NewGuid():N}.onnx");

    public StockPipeline(BackboneCut cut)
    {
        var preprocessing = cut.Backbone.Preprocessing;
        var side = preprocessing.Side;
        File.WriteAllBytes(_graph, cut.Onnx);
        _output = cut.OutputName;
        var mean = (preprocessing.Mean.R + preprocessing.Mean.G + preprocessing.Mean.B) / 3;
        var deviation = (preprocessing.Std.R + preprocessing.Std.G + preprocessing.Std.B) / 3;
        var shapes = new Dictionary<string, int[]> { [cut.InputName] = [1, 3, side, side], [cut.OutputName] = [1, cut.Dimensions] };
        _model = _context.Transforms.LoadImages("Image", "", nameof(Row.ImagePath))
            .Append(_context.Transforms.ResizeImages("Resized", side, side, "Image", ImageResizingEstimator.ResizingKind.Fill))
            .Append(_context.Transforms.ExtractPixels(
                cut.InputName, "Resized", interleavePixelColors: false, offsetImage: 255 * mean, scaleImage: 1 / (255 * deviation)))
            .Append(_context.Transforms.ApplyOnnxModel([cut.OutputName], [cut.InputName], _graph, shapes, null, false))
            .Fit(_context.Data.LoadFromEnumerable<Row>([]));
    }

    /// <summary>The pipeline itself: ImagePath -> <see cref="Output"/>.</summary>
    public ITransformer Model => _model;

    /// <summary>The column of the features.</summary>
    public string Output => _output;

    /// <summary>The features of the images, one array an image.</summary>
    public IReadOnlyList<float[]> Featurise(IReadOnlyList<string> paths) =>
        [.. _model.Transform(_context.Data.LoadFromEnumerable(paths.Select(path => new Row { ImagePath = path }))).GetColumn<float[]>(_output)];

    /// <summary>Why ML.NET cannot read an image; null when it can.</summary>
    public static string? Refuses(string path)
    {
        try
        {
            using var image = MLImage.CreateFromFile(path);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IOException)
        {
            return fault.Message;
        }
    }

    public void Dispose()
    {
        (_model as IDisposable)?.Dispose();
        File.Delete(_graph);
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";
    }
}
