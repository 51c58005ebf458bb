using Microsoft.ML.OnnxRuntime;

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
    private (OrtValue Input, OrtValue Output, int Images)? _values;

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

    /// <summary>Runs the first images of the batch.</summary>
    public void Run(InferenceSession session, RunOptions options, int images)
    {
        if (_values?.Images != images)
        {
            Release();
            var info = OrtMemoryInfo.DefaultInstance;
            _values = (
                OrtValue.CreateTensorValueFromMemory(info, _input.AsMemory(0, images * _tensorLength), [images, .. _imageShape]),
                OrtValue.CreateTensorValueFromMemory(info, _output.AsMemory(0, images * _dimensions), [images, _dimensions]),
                images);
        }
        session.Run(options, session.InputNames, [_values.Value.Input], session.OutputNames, [_values.Value.Output]);
    }

    public void Dispose() => Release();

    private void Release()
    {
        _values?.Input.Dispose();
        _values?.Output.Dispose();
        _values = null;
    }
}
