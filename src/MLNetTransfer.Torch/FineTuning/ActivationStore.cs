using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.Win32.SafeHandles;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Graph;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// What the frozen layers make of every version of every image, computed once by ONNX Runtime and kept in a file that is gone when it is closed: memory stays
/// bounded by a batch, and every epoch and every fold of a cross-validation reads instead of computing. Safe to read from many threads.
/// </summary>
internal sealed class ActivationStore : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _folder;

    private ActivationStore(SafeFileHandle file, string folder, int images, int views, IReadOnlyList<long[]> shapes)
    {
        (_file, _folder, Images, Views, Shapes) = (file, folder, images, views, shapes);
        RowLength = shapes.Sum(LengthOf);
    }

    public int Images { get; }

    /// <summary>The versions of each image; 0 is the image as it is.</summary>
    public int Views { get; }

    /// <summary>The shape of one image at every tensor of the boundary, without the batch.</summary>
    public IReadOnlyList<long[]> Shapes { get; }

    /// <summary>The number of values one version of an image has at all tensors of the boundary together.</summary>
    public int RowLength { get; }

    public static int LengthOf(long[] shape) => checked((int)shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>Computes everything.</summary>
    /// <param name="split">Where the network is divided.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="paths">Readable images.</param>
    /// <param name="options">Versions and folder.</param>
    /// <param name="seed">The seed of what is random in the versions.</param>
    /// <param name="threads">Images worked on at a time; never changes the result.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops within a second.</param>
    /// <exception cref="TransferException">The disk is full, an image cannot be read any more, or the network makes of one what is not finite.</exception>
    public static ActivationStore Compute(GraphSplit split, Preprocessing preprocessing, IReadOnlyList<string> paths, FineTuningOptions options, int seed,
        int threads, Action<int>? progress, CancellationToken cancellation)
    {
        var (views, augmenter) = (options.ViewsPerImage, new ImageAugmenter(options.Augmentation, preprocessing, seed));
        long[] imageShape = preprocessing.Layout == TensorLayout.Nchw
            ? [preprocessing.Channels, preprocessing.Side, preprocessing.Side]
            : [preprocessing.Side, preprocessing.Side, preprocessing.Channels];
        using var session = split.IsWhole ? null : NetworkSession.Open(split.LowerOnnx, threads: 1);
        var store = Create(options.ScratchFolder, paths.Count, views, session is null ? [imageShape] : ShapesOf(session, split.Boundary, imageShape));
        try
        {
            var (done, gate) = (0, new Lock());
            Parallel.For(0, paths.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, image =>
            {
                var plain = new float[preprocessing.TensorLength];
                Decode(paths[image], preprocessing, plain);
                var (changed, row) = (new float[plain.Length], new float[store.RowLength]);
                for (var view = 0; view < views; view++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    augmenter.Write(plain, image, view, changed);
                    if (session is null)
                        changed.CopyTo(row, 0);
                    else
                        Run(session, split.Boundary, changed, imageShape, row);
                    if (row.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0)
                        throw new TransferException($"A network makes finite numbers of an image; at '{split.Boundary[0]}' it makes others of '{paths[image]}'. Check the preprocessing of the backbone.");
                    store.Write(image, view, row);
                }
                lock (gate)
                    progress?.Invoke(++done);
            });
            return store;
        }
        catch (Exception error)
        {
            store.Dispose();
            if (error is AggregateException { InnerExceptions: [var first, ..] })
            {
                cancellation.ThrowIfCancellationRequested();
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
            }
            throw;
        }
    }

    /// <summary>Takes activations that are there already: one version of each image, rows of features unless shapes say otherwise.</summary>
    public static ActivationStore Of(FeatureMatrix features, string? folder, IReadOnlyList<long[]>? shapes = null)
    {
        var store = Create(folder, features.Rows, 1, shapes ?? [[features.Columns]]);
        for (var image = 0; image < features.Rows; image++)
            store.Write(image, 0, features.Row(image));
        return store;
    }

    /// <summary>Reads one version of an image.</summary>
    public void Read(int image, int view, Span<float> row)
    {
        var bytes = MemoryMarshal.AsBytes(row[..RowLength]);
        var offset = OffsetOf(image, view);
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
                throw new TransferException("The file of activations holds all of them; it ends early. Something else cut it off: start again.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    public void Dispose() => _file.Dispose();

    private static ActivationStore Create(string? folder, int images, int views, IReadOnlyList<long[]> shapes)
    {
        folder ??= Path.GetTempPath();
        var path = Path.Combine(folder, $"mlnettransfer-{Guid.NewGuid():N}.activations");
        var bytes = (long)images * views * shapes.Sum(LengthOf) * sizeof(float);
        try
        {
            // Asked for at once, so that a disk too small is known before any work.
            return new ActivationStore(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose, bytes), folder, images, views, shapes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(bytes, folder, error);
        }
    }

    private static TransferException NoRoom(long bytes, string folder, Exception error) => new(FormattableString.Invariant(
        $"Fine-tuning keeps the activations of frozen layers in a file of {bytes / 1e6:0} MB; '{folder}' cannot take it: {error.Message} ")
        + "Free some space, name another folder (ScratchFolder), or take fewer views or a cut nearer to the output.", error);

    private void Write(int image, int view, ReadOnlySpan<float> row)
    {
        try
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(row), OffsetOf(image, view));
        }
        catch (IOException error)
        {
            throw NoRoom((long)Images * Views * RowLength * sizeof(float), _folder, error);
        }
    }

    private long OffsetOf(int image, int view) => ((long)image * Views + view) * RowLength * sizeof(float);

    internal static void Decode(string path, Preprocessing preprocessing, float[] tensor)
    {
        try
        {
            ImageDecoder.Decode(path, preprocessing, tensor, out _);
        }
        catch (ImageException error)
        {
            throw new TransferException($"An image stays as it is while it is learnt from; '{path}' could be read before and cannot now: {error.Reason}. Start again without it.", error);
        }
    }

    private static long[][] ShapesOf(InferenceSession session, IReadOnlyList<string> boundary, long[] imageShape)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(new float[LengthOf(imageShape)], [1, .. imageShape]);
        using var options = new RunOptions();
        using var results = session.Run(options, [session.InputNames[0]], [image], boundary);
        return [.. results.Select(result => result.GetTensorTypeAndShape().Shape[1..])];
    }

    private static void Run(InferenceSession session, IReadOnlyList<string> boundary, float[] tensor, long[] imageShape, Span<float> row)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(tensor, [1, .. imageShape]);
        using var options = new RunOptions();
        using var results = session.Run(options, [session.InputNames[0]], [image], boundary);
        foreach (var result in results)
        {
            var values = result.GetTensorDataAsSpan<float>();
            values.CopyTo(row);
            row = row[values.Length..];
        }
    }
}
