using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// The input and output memory of one run of up to a fixed number of images, used again and again by one thread at a time.
/// ONNX Runtime reads and writes it in place.
/// </summary>
internal sealed class InferenceBatch : IDisposable
{
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly int _tensorLength;
    private readonly long[] _imageShape;
    private readonly int _dimensions;
    private Bound? _bound;

    public InferenceBatch(int capacity, long[] imageShape, int dimensions)
    {
        Capacity = capacity;
        _imageShape = imageShape;
        _dimensions = dimensions;
        _tensorLength = checked((int)(imageShape[0] * imageShape[1] * imageShape[2]));
        _input = GC.AllocateUninitializedArray<float>(checked(capacity * _tensorLength), pinned: true);
        _output = GC.AllocateUninitializedArray<float>(checked(capacity * dimensions), pinned: true);
    }

    public int Capacity { get; }

    /// <summary>Where the tensor of an image goes.</summary>
    public Span<float> Input(int image) => _input.AsSpan(image * _tensorLength, _tensorLength);

    /// <summary>The features of an image after <see cref="Run"/>.</summary>
    public ReadOnlySpan<float> Output(int image) => _output.AsSpan(image * _dimensions, _dimensions);

    /// <summary>Runs the first images of the batch, always on the same network.</summary>
    /// <exception cref="TransferException">ONNX Runtime refuses the images.</exception>
    /// <exception cref="OperationCanceledException">The options were told to terminate.</exception>
    public void Run(InferenceSession session, RunOptions options, int images, Preprocessing preprocessing)
    {
        if (_bound?.Images != images)
        {
            Release();
            var info = OrtMemoryInfo.DefaultInstance;
            _bound = new Bound(
                OrtValue.CreateTensorValueFromMemory(info, _input.AsMemory(0, images * _tensorLength), [images, .. _imageShape]),
                OrtValue.CreateTensorValueFromMemory(info, _output.AsMemory(0, images * _dimensions), [images, _dimensions]),
                session.CreateIoBinding(),
                images);
            _bound.Binding.BindInput(session.InputNames[0], _bound.Input);
            _bound.Binding.BindOutput(session.OutputNames[0], _bound.Output);
        }
        try
        {
            session.RunWithBinding(options, _bound.Binding);
        }
        catch (OnnxRuntimeException error)
        {
            if (options.Terminate)
                throw new OperationCanceledException("The run of the network was cancelled.", error);
            throw new TransferException($"The network must take images as its description says ({preprocessing.ToJson()}); "
                + $"ONNX Runtime refused: {error.Message}", error);
        }
    }

    /// <summary>Copies the features of an image.</summary>
    /// <exception cref="TransferException">One is not a finite number.</exception>
    public void CopyFinite(int image, Span<float> features, string name)
    {
        var output = Output(image);
        foreach (var value in output)
            if (!float.IsFinite(value))
                throw new TransferException($"Features must be finite numbers; the network gave {value} for '{name}'. "
                    + "Check the mean and deviation in the backbone's description, or leave the image out.");
        output.CopyTo(features);
    }

    public void Dispose() => Release();

    private void Release()
    {
        _bound?.Dispose();
        _bound = null;
    }

    /// <summary>Bound once, so that a run passes a single handle.</summary>
    private sealed record Bound(OrtValue Input, OrtValue Output, OrtIoBinding Binding, int Images) : IDisposable
    {
        public void Dispose()
        {
            Binding.Dispose();
            Input.Dispose();
            Output.Dispose();
        }
    }
}
