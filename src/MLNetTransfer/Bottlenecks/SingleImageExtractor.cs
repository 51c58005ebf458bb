using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Featurises one image for one caller as soon as possible. A caller that is alone has all cores: the work of its image is divided among
/// them. Of many callers each gets one core, because dividing costs work of its own. Both ways give the same bits. Callers wait for nothing: each
/// takes memory from a pool, which grows to the number of callers at once and allocates nothing from then on.
/// </summary>
internal sealed class SingleImageExtractor : IDisposable
{
    private readonly Preprocessing _preprocessing;
    private readonly long[] _imageShape;
    private readonly int _dimensions;
    private readonly InferenceSession _undivided;
    private readonly Lazy<InferenceSession> _divided;
    private readonly ConcurrentBag<InferenceBatch> _undividedMemory = [];
    private readonly ConcurrentBag<InferenceBatch> _dividedMemory = [];
    private readonly RunOptions _options = new();
    private int _callers;

    /// <param name="undivided">The network on one core; disposed by its owner.</param>
    /// <param name="onnx">The same network, to open it on all cores when a caller is alone for the first time.</param>
    /// <param name="threads">All cores.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="imageShape">The shape of its input for one image.</param>
    /// <param name="dimensions">The number of features.</param>
    public SingleImageExtractor(InferenceSession undivided, byte[] onnx, int threads, Preprocessing preprocessing, long[] imageShape, int dimensions)
    {
        (_undivided, _preprocessing, _imageShape, _dimensions) = (undivided, preprocessing, imageShape, dimensions);
        _divided = threads == 1 ? new(undivided) : new(() => NetworkSession.Open(onnx, threads));
    }

    /// <summary>Featurises the bytes of an image file.</summary>
    public void Extract(ReadOnlySpan<byte> image, string name, Span<float> features)
    {
        var isAlone = Interlocked.Increment(ref _callers) == 1;
        try
        {
            Extract(image, name, features, isAlone);
        }
        finally
        {
            Interlocked.Decrement(ref _callers);
        }
    }

    /// <summary>Loads, allocates and compiles what the first images of callers alone and beside others would have to wait for.</summary>
    public void WarmUp()
    {
        var picture = WarmUpPicture.Jpeg(_preprocessing.Side);
        var features = new float[_dimensions];
        foreach (var divided in (ReadOnlySpan<bool>)[true, false])
            for (var i = 0; i < 2; i++)
                Extract(picture, "warm-up", features, divided);
    }

    public void Dispose()
    {
        foreach (var memory in _undividedMemory.Concat(_dividedMemory))
            memory.Dispose();
        if (_divided.IsValueCreated && _divided.Value != _undivided)
            _divided.Value.Dispose();
        _options.Dispose();
    }

    private void Extract(ReadOnlySpan<byte> image, string name, Span<float> features, bool divided)
    {
        var (session, pool) = divided ? (_divided.Value, _dividedMemory) : (_undivided, _undividedMemory);
        if (!pool.TryTake(out var memory))
            memory = new InferenceBatch(1, _imageShape, _dimensions);
        try
        {
            ImageDecoder.Decode(image, name, _preprocessing, memory.Input(0));
            memory.Run(session, _options, 1, _preprocessing);
            memory.CopyFinite(0, features, name);
        }
        finally
        {
            pool.Add(memory);
        }
    }
}
