using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>How fast a network runs on tensors that are there already: without decoding, as the bottleneck extractor runs it.</summary>
internal sealed class InferenceSpeed : IDisposable
{
    /// <summary>The images of one run; what <see cref="Bottlenecks.BottleneckExtractor"/> takes.</summary>
    private const int Batch = 2;

    private readonly BackboneCut _cut;
    private readonly InferenceSession _session;
    private readonly int _threads;
    private readonly TimeProvider _time;

    public InferenceSpeed(BackboneCut cut, int threads, TimeProvider time)
    {
        (_cut, _threads, _time) = (cut, threads, time);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(cut.Onnx, options);
    }

    /// <summary>Images a second, all threads together, over a stretch of time.</summary>
    public double Measure(TimeSpan stretch, CancellationToken cancellation)
    {
        var images = new long[_threads];
        var start = _time.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, _threads).Select(thread => new Thread(() => images[thread] = Run(start, stretch, cancellation)))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return images.Sum() / _time.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _session.Dispose();

    private long Run(long start, TimeSpan stretch, CancellationToken cancellation)
    {
        var preprocessing = _cut.Backbone.Preprocessing;
        var pixels = new float[Batch * preprocessing.TensorLength];
        var random = RandomStream.Derive(1, "pixels");
        foreach (ref var pixel in pixels.AsSpan())
            pixel = random.NextSingle(-2, 2);
        var (channels, side) = (preprocessing.Channels, preprocessing.Side);
        long[] shape = preprocessing.Layout == TensorLayout.Nchw ? [Batch, channels, side, side] : [Batch, side, side, channels];
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var output = OrtValue.CreateTensorValueFromMemory(new float[Batch * _cut.Dimensions], [Batch, _cut.Dimensions]);
        using var options = new RunOptions();
        var images = 0L;
        do
        {
            _session.Run(options, [_cut.InputName], [input], [_cut.OutputName], [output]);
            images += Batch;
        }
        while (_time.GetElapsedTime(start) < stretch && !cancellation.IsCancellationRequested);
        return images;
    }
}
