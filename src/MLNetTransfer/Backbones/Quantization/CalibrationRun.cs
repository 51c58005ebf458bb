using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>
/// Runs a graph on images one at a time and hands over what its inner tensors hold, so that memory is bounded by the tensors of one image a
/// thread.
/// </summary>
internal sealed class CalibrationRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Preprocessing _preprocessing;
    private readonly string _input;
    private readonly long[] _shape;
    private readonly string[] _tensors;
    private readonly Dictionary<string, int> _outputAt;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model; its input is [N, C, S, S] or [N, S, S, C], as preprocessing says.</param>
    /// <param name="preprocessing">What its input expects.</param>
    /// <param name="tensors">The tensors to observe: inputs, inner tensors or outputs.</param>
    /// <exception cref="TransferException">ONNX Runtime refuses the model.</exception>
    public CalibrationRun(ModelProto model, Preprocessing preprocessing, IEnumerable<string> tensors)
    {
        _preprocessing = preprocessing;
        var (channels, side) = (preprocessing.Channels, preprocessing.Side);
        _shape = preprocessing.Layout == TensorLayout.Nchw ? [channels, side, side] : [side, side, channels];
        _input = model.Graph.FreeInputs().Single().Name;
        _tensors = [.. tensors];
        var observed = model.Clone();
        observed.Graph.Output.Clear();
        observed.Graph.Output.AddRange(_tensors.Where(tensor => tensor != _input).Select(tensor => new ValueInfoProto { Name = tensor }));
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            _session = new InferenceSession(OnnxFile.Write(observed), options);
            _outputAt = _session.OutputNames.Index().ToDictionary(output => output.Item, output => output.Index);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TransferException($"A network to quantise is one that ONNX Runtime can run; it refuses this one: {error.Message} "
                + "Export it again, with a lower operator set.", error);
        }
    }

    /// <summary>What is told of an image: the values of one of the tensors, valid during the call only.</summary>
    public delegate void Observer(int image, int tensor, ReadOnlySpan<float> values);

    /// <summary>Runs images, several at the same time.</summary>
    /// <param name="images">The files.</param>
    /// <param name="observe">Receives every tensor of every readable image; called from several threads.</param>
    /// <param name="progress">Told which share of the images is done.</param>
    /// <param name="cancellation">Stops between two images.</param>
    /// <returns>For every image why it cannot be read, or null.</returns>
    /// <exception cref="TransferException">ONNX Runtime cannot run the network.</exception>
    public IReadOnlyList<SkippedImage?> Run(IReadOnlyList<string> images, Observer observe, Action<double>? progress, CancellationToken cancellation)
    {
        var skipped = new SkippedImage?[images.Count];
        var done = 0;
        try
        {
            Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation }, image =>
            {
                var pixels = new float[_preprocessing.TensorLength];
                try
                {
                    ImageDecoder.Decode(images[image], _preprocessing, pixels, out _);
                }
                catch (ImageException error)
                {
                    skipped[image] = error.ToSkippedImage();
                    return;
                }
                Run(image, pixels, observe);
                progress?.Invoke(Interlocked.Increment(ref done) / (double)images.Count);
            });
        }
        catch (AggregateException error)
        {
            cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
        return skipped;
    }

    public void Dispose() => _session.Dispose();

    private void Run(int image, float[] pixels, Observer observe)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, .. _shape]);
        using var options = new RunOptions();
        try
        {
            using var outputs = _session.Run(options, [_input], [input], _session.OutputNames);
            for (var tensor = 0; tensor < _tensors.Length; tensor++)
                observe(image, tensor, _tensors[tensor] == _input ? pixels : outputs[_outputAt[_tensors[tensor]]].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException error)
        {
            throw new TransferException($"A network to quantise takes images as its description says ({_preprocessing.ToJson()}); "
                + $"ONNX Runtime refused: {error.Message} Correct the description.", error);
        }
    }
}
