using System.Buffers;
using Microsoft.ML;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>
/// A saved model in service. Every method may be called from any number of threads at once: nothing is shared between two predictions
/// but the network, and an image that cannot be read is an error, never an older answer.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly BottleneckExtractor _extractor;
    private readonly LinearHead _head;
    private bool _isDisposed;

    private ImageClassifier(ModelCard card, BottleneckExtractor extractor, LinearHead head) => (Card, _extractor, _head) = (card, extractor, head);

    /// <summary>What there is to know about the model.</summary>
    public ModelCard Card { get; }

    /// <summary>The classes in ordinal order.</summary>
    public IReadOnlyList<string> Classes => _head.Classes;

    /// <summary>The positive class of two; null for more.</summary>
    public string? Positive => _head.Positive;

    /// <summary>Loads a model after checking every byte of it.</summary>
    /// <param name="path">A file that <see cref="TransferModel.Save"/> wrote.</param>
    /// <param name="threads">
    /// How many of many images are predicted at a time, and among how many threads one image is divided while it is the only one, 1 or more; null
    /// (default) takes all cores. It never changes a prediction.
    /// </param>
    /// <param name="cache">Where the features of many images are looked up and kept; null (default) for nowhere. One image is always computed.</param>
    /// <exception cref="TransferException">The file is missing, truncated, altered or no model of this library.</exception>
    public static ImageClassifier Load(string path, int? threads = null, FeatureCache? cache = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var saved = ModelArchive.Open(path);
        return saved.Head is { } head
            ? new ImageClassifier(saved.Card, new BottleneckExtractor(saved.Onnx, saved.Card.Preprocessing, threads, cache), head)
            : LoadWithMLNet(path, saved, threads, cache);
    }

    /// <summary>
    /// Does what the first prediction would otherwise do: opens the network on all cores, takes memory, compiles. Call it before an application
    /// says that it is ready. Calling it again is harmless; without it only the first predictions take longer.
    /// </summary>
    public void WarmUp()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _extractor.WarmUp();
    }

    /// <summary>Predicts an image file.</summary>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    public ImagePrediction Predict(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var encoded = EncodedBytes.Read(path);
        return Predict(encoded.Span, path);
    }

    /// <summary>Predicts an image in memory.</summary>
    /// <param name="image">The bytes of the image file: JPEG, PNG, GIF, BMP or WebP.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    public ImagePrediction Predict(ReadOnlyMemory<byte> image, string name = "image in memory") => Predict(image.Span, name);

    /// <summary>Predicts an image from a stream.</summary>
    /// <param name="image">The image file, read from its position to its end and left open.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    public ImagePrediction Predict(Stream image, string name = "image from a stream")
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var encoded = EncodedBytes.Read(image, name);
        return Predict(encoded.Span, name);
    }

    /// <summary>Predicts an image from a stream that is read without keeping a thread waiting, such as the body of a web request.</summary>
    /// <param name="image">The image file, read from its position to its end and left open.</param>
    /// <param name="name">What messages call the image.</param>
    /// <param name="cancellation">Stops the reading; the computing afterwards takes milliseconds and is not stopped.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public async Task<ImagePrediction> PredictAsync(Stream image, string name = "image from a stream", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var encoded = await EncodedBytes.ReadAsync(image, name, cancellation).ConfigureAwait(false);
        return Predict(encoded.Span, name);
    }

    /// <summary>Predicts many image files on all cores. Images that cannot be read get an error of their own and stop nothing.</summary>
    /// <param name="paths">The image files.</param>
    /// <param name="progress">Told how many are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <returns>One outcome a path, in the order of the paths.</returns>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IReadOnlyList<ImageOutcome> Predict(IReadOnlyList<string> paths, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var extracted = _extractor.Extract(paths, progress, cancellation);
        var outcomes = new ImageOutcome[paths.Count];
        for (var row = 0; row < extracted.Rows.Count; row++)
        {
            var path = paths[extracted.Rows[row]];
            outcomes[extracted.Rows[row]] = new ImageOutcome(path, Decide(extracted.Features.Row(row)), null);
        }

        var skipped = new Queue<SkippedImage>(extracted.Skipped);
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] ??= new ImageOutcome(paths[i], null, skipped.Dequeue().Reason);
        return outcomes;
    }

    /// <summary>Measures the model on labelled images.</summary>
    /// <param name="images">Images of classes the model has; unreadable ones are listed and count for nothing.</param>
    /// <param name="progress">Told as images are done.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <exception cref="TransferException">No image can be read, or one is of a class the model does not have.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public EvaluatedImages Evaluate(ImageSet images, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        FeaturisedImages.RequireClasses(images, Classes);
        return FeaturisedImages.Extract(images, _extractor, "reading images", progress, cancellation).Evaluate(_head);
    }

    /// <summary>Frees the network. No call may be running.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _extractor.Dispose();
    }

    /// <summary>A method of its own: loading ML.NET takes longer than all the rest.</summary>
    private static ImageClassifier LoadWithMLNet(string path, SavedModel saved, int? threads, FeatureCache? cache)
    {
        var model = new MLContext(0).Model.Load(path, out _);
        try
        {
            var head = LinearHead.FromTransformer(model);
            return new ImageClassifier(saved.Card, BottleneckExtractor.FromModel(model, path, threads, cache), head);
        }
        finally
        {
            // The row-by-row network of the saved chain has done its part: it is not what serves.
            (model as IDisposable)?.Dispose();
        }
    }

    private ImagePrediction Predict(ReadOnlySpan<byte> image, string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var features = ArrayPool<float>.Shared.Rent(_extractor.Dimensions);
        try
        {
            var row = features.AsSpan(0, _extractor.Dimensions);
            _extractor.ExtractOne(image, name, row);
            return Decide(row);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
        }
    }

    private ImagePrediction Decide(ReadOnlySpan<float> features)
    {
        var probabilities = new float[Classes.Count];
        _head.Probabilities(features, probabilities);
        return new ImagePrediction(Classes, probabilities, _head.Decide(probabilities));
    }
}
