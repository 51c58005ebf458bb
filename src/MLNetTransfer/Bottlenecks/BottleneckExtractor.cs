using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Turns images into bottlenecks, in batches on all cores. Each thread decodes a chunk of images into the tensor that ONNX Runtime
/// reads in place and runs it single-threaded: decoding overlaps inference without a queue, memory is bounded by threads x batch, and as the
/// chunks are fixed, the features are the same bits on any number of threads. With a cache an image that was featurised before, by this
/// network and under any name, is read but not decoded. Safe to use from many threads.
/// </summary>
public sealed class BottleneckExtractor : IDisposable
{
    /// <summary>The number of images of one run of the network.</summary>
    private const int DefaultBatch = 2;

    private readonly Preprocessing _preprocessing;
    private readonly int _threads;
    private readonly int _batch;
    private readonly FeatureCache? _cache;
    private readonly byte[] _networkKey = [];
    private readonly InferenceSession _session;
    private readonly long[] _imageShape;
    private readonly ConcurrentBag<InferenceBatch> _batches = [];
    private readonly SingleImageExtractor _single;

    /// <summary>Prepares the part of a backbone below a cut.</summary>
    /// <param name="cut">The part.</param>
    /// <param name="threads">
    /// The number of images decoded and featurised at the same time, and of threads that <see cref="ExtractOne(string, Span{float})"/> divides an
    /// image among while it is the only one, 1 or more; null (default) takes <see cref="Environment.ProcessorCount"/>:
    /// the one place where this library asks the machine. It never changes the features.
    /// </param>
    /// <param name="cache">Where <see cref="Extract"/> looks features up and puts them; null (default) for none. It never changes the features.</param>
    /// <exception cref="TransferException">ONNX Runtime cannot load the network.</exception>
    public BottleneckExtractor(BackboneCut cut, int? threads = null, FeatureCache? cache = null)
        : this((cut ?? throw new ArgumentNullException(nameof(cut))).Onnx, cut.Backbone.Preprocessing, threads, cache) { }

    internal BottleneckExtractor(byte[] onnx, Preprocessing preprocessing, int? threads, FeatureCache? cache = null, int? batch = null)
    {
        if (threads is < 1)
            throw new TransferException($"The number of threads is 1 or more; received {threads}.");
        _threads = threads ?? Environment.ProcessorCount;
        _batch = batch ?? (MixesImages(onnx) ? 1 : DefaultBatch);
        _preprocessing = preprocessing;
        var (channels, side) = (preprocessing.Channels, preprocessing.Side);
        _imageShape = preprocessing.Layout == TensorLayout.Nchw ? [channels, side, side] : [side, side, channels];
        _session = NetworkSession.Open(onnx, threads: 1);
        Dimensions = _session.OutputMetadata.Values.Single().Dimensions[^1];
        if (cache is not null)
            (_cache, _networkKey) = (cache, NetworkKey.Of(onnx, preprocessing));
        _single = new SingleImageExtractor(_session, onnx, _threads, preprocessing, _imageShape, Dimensions);
    }

    /// <summary>The number of features an image gets.</summary>
    public int Dimensions { get; }

    /// <summary>How many images a reader hands over at once: enough that the threads seldom wait for the last of them.</summary>
    internal int ReadAhead => _threads * _batch * 4;

    /// <summary>Opens the network inside a saved model, so that serving runs it without ML.NET's row-by-row engine.</summary>
    /// <param name="model">The model, loaded by <c>mlContext.Model.Load</c>.</param>
    /// <param name="file">The file it was loaded from.</param>
    /// <param name="threads">As for the constructor.</param>
    /// <param name="cache">As for the constructor; it holds the same entries as for the backbone that the model was trained with.</param>
    /// <exception cref="TransferException">The model holds no bottlenecks of this library.</exception>
    public static BottleneckExtractor FromModel(ITransformer model, string file, int? threads = null, FeatureCache? cache = null)
    {
        var (onnx, preprocessing) = SavedBottleneck.Read(model, file);
        return new BottleneckExtractor(onnx, preprocessing, threads, cache);
    }

    /// <summary>Featurises images. Images that cannot be read are listed, not thrown.</summary>
    /// <param name="paths">The image files.</param>
    /// <param name="progress">Receives the number of images done so far; called from any thread, one at a time.</param>
    /// <param name="cancellation">Stops between two images, and inside a run of the network.</param>
    /// <exception cref="TransferException">The network gives an image a feature that is not a finite number.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public BottleneckResult Extract(IReadOnlyList<string> paths, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var features = FeatureMatrix.Allocate(paths.Count, Dimensions);
        var fingerprints = new ImageFingerprint[paths.Count];
        var skipped = new SkippedImage?[paths.Count];
        var (done, fromCache, gate) = (0, 0, new Lock());
        using var options = new RunOptions();
        using var stop = cancellation.Register(() => options.Terminate = true);
        InParallel((paths.Count + _batch - 1) / _batch, cancellation, chunk =>
        {
            var (start, end) = (chunk * _batch, Math.Min((chunk + 1) * _batch, paths.Count));
            using var rented = Rent();
            var batch = rented.Value;
            Span<int> read = stackalloc int[_batch];
            var keys = new byte[_batch][];
            var (count, found) = (0, 0);
            for (var i = start; i < end; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    if (Find(paths[i], Row(i), batch.Input(count), out fingerprints[i], out keys[count]))
                        found++;
                    else
                        read[count++] = i;
                }
                catch (ImageException error)
                {
                    skipped[i] = new SkippedImage(paths[i], error.Reason);
                }
            }
            if (count > 0)
                batch.Run(_session, options, count, _preprocessing);
            for (var i = 0; i < count; i++)
            {
                batch.CopyFinite(i, Row(read[i]), paths[read[i]]);
                var fingerprint = fingerprints[read[i]];
                _cache?.Add(keys[i], (fingerprint.PerceptualHash, fingerprint.ColumnHash), batch.Output(i), cancellation);
            }
            lock (gate)
            {
                fromCache += found;
                progress?.Report(done += end - start);
            }
        });
        _cache?.Flush(cancellation);

        int[] rows = [.. Enumerable.Range(0, paths.Count).Where(i => skipped[i] is null)];
        var matrix = new FeatureMatrix(paths.Count, Dimensions, features);
        return rows.Length == paths.Count
            ? new BottleneckResult(matrix, rows, fingerprints, [], fromCache)
            : new BottleneckResult(matrix.Select(rows), rows, [.. rows.Select(row => fingerprints[row])], [.. skipped.OfType<SkippedImage>()], fromCache);

        Span<float> Row(int image) => features.AsSpan(image * Dimensions, Dimensions);
    }

    /// <summary>Featurises one image file.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="features">Receives <see cref="Dimensions"/> values.</param>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    /// <exception cref="TransferException">The network gives the image a feature that is not a finite number.</exception>
    public void ExtractOne(string path, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var encoded = EncodedBytes.Read(path);
        _single.Extract(encoded.Span, path, features);
    }

    /// <summary>Featurises one image in memory.</summary>
    /// <param name="image">The bytes of the image file.</param>
    /// <param name="name">What messages call the image.</param>
    /// <param name="features">Receives <see cref="Dimensions"/> values.</param>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    /// <exception cref="TransferException">The network gives the image a feature that is not a finite number.</exception>
    public void ExtractOne(ReadOnlySpan<byte> image, string name, Span<float> features) => _single.Extract(image, name, features);

    /// <summary>Featurises one image from a stream.</summary>
    /// <param name="image">The image file, read from its position to its end.</param>
    /// <param name="name">What messages call the image.</param>
    /// <param name="features">Receives <see cref="Dimensions"/> values.</param>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    /// <exception cref="TransferException">The network gives the image a feature that is not a finite number.</exception>
    public void ExtractOne(Stream image, string name, Span<float> features)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var encoded = EncodedBytes.Read(image, name);
        _single.Extract(encoded.Span, name, features);
    }

    /// <summary>Does what <see cref="ExtractOne(string, Span{float})"/> would otherwise do at its first image. Doing it again is harmless.</summary>
    internal void WarmUp() => _single.WarmUp();

    /// <summary>Frees the network and the buffers. No call may be running.</summary>
    public void Dispose()
    {
        _single.Dispose();
        foreach (var batch in _batches)
            batch.Dispose();
        _session.Dispose();
    }

    /// <summary>Reads an image: its features when the cache holds them, else its tensor and the key to put its features under.</summary>
    private bool Find(string path, Span<float> features, Span<float> tensor, out ImageFingerprint fingerprint, out byte[] key)
    {
        using var encoded = EncodedBytes.Read(path);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(encoded.Span, digest);
        var contentHash = Convert.ToHexStringLower(digest);
        key = _cache is null ? [] : [.. _networkKey, .. digest];
        if (_cache is not null && _cache.TryFind(key, features, out var perceptual))
        {
            fingerprint = new ImageFingerprint(contentHash, perceptual.Rows, perceptual.Columns);
            return true;
        }
        ImageDecoder.Decode(encoded.Span, path, _preprocessing, tensor, out fingerprint, scaledDecoding: true, contentHash);
        return false;
    }

    /// <summary>
    /// Dynamic quantisation takes its scale from all that runs together: only alone does an image get features that are its own. Every other
    /// operator of an image network works on each image for itself, whatever its neighbours (shown by a test on real networks).
    /// </summary>
    private static bool MixesImages(byte[] onnx) => onnx.AsSpan().IndexOf("DynamicQuantizeLinear"u8) >= 0;

    private void InParallel(int chunks, CancellationToken cancellation, Action<int> work)
    {
        if (chunks == 1)
        {
            work(0); // without the machinery, which takes longer to start
            return;
        }
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, work);
        }
        catch (AggregateException error)
        {
            cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private Rented Rent() => new(_batches, _batches.TryTake(out var batch) ? batch : new InferenceBatch(_batch, _imageShape, Dimensions));

    private readonly record struct Rented(ConcurrentBag<InferenceBatch> Pool, InferenceBatch Value) : IDisposable
    {
        public void Dispose() => Pool.Add(Value);
    }
}
