using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;

namespace MLNetTransfer.Explanation;

/// <summary>A network that shows its maps beside its features. One caller at a time.</summary>
internal sealed class ExplainedNetwork : IDisposable
{
    private readonly FeatureMaps _maps;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="onnx">A graph from images to features.</param>
    /// <param name="preprocessing">What it takes.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="threads">Among how many threads a run is divided; it never changes a value.</param>
    public ExplainedNetwork(byte[] onnx, Preprocessing preprocessing, string source, int threads)
    {
        Preprocessing = preprocessing;
        _maps = FeatureMaps.Of(onnx, preprocessing, source);
        _session = NetworkSession.Open(_maps.Onnx, threads);
    }

    public Preprocessing Preprocessing { get; }

    /// <summary>What the features are, in their order.</summary>
    public IReadOnlyList<TensorShape> Parts => _maps.Parts;

    /// <summary>Whether every feature is the average of a map.</summary>
    public bool HasOnlyMaps => _maps.HasOnlyMaps;

    /// <summary>The tensor of an image file.</summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    public float[] Read(string path)
    {
        var tensor = new float[Preprocessing.TensorLength];
        using var encoded = EncodedBytes.Read(path);
        ImageDecoder.Decode(encoded.Span, path, Preprocessing, tensor);
        return tensor;
    }

    /// <summary>Runs one image.</summary>
    /// <returns>The features, and the values of each map of <see cref="Parts"/>, [C, H, W] or [H, W, C].</returns>
    /// <exception cref="TransferException">The network refuses the image, or a feature is not a finite number.</exception>
    public (float[] Features, Func<TensorShape, float[]> Maps) Run(float[] tensor)
    {
        long[] shape = Preprocessing.Layout == TensorLayout.Nchw
            ? [1, Preprocessing.Channels, Preprocessing.Side, Preprocessing.Side]
            : [1, Preprocessing.Side, Preprocessing.Side, Preprocessing.Channels];
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, shape);
        try
        {
            using var outputs = _session.Run(_options, [_maps.InputName], [input], _session.OutputNames);
            var values = _session.OutputNames.Zip(outputs, (name, value) => (name, Values: value.GetTensorDataAsSpan<float>().ToArray())).ToDictionary(pair => pair.name, pair => pair.Values);
            if (Array.Find(values[_maps.OutputName], value => !float.IsFinite(value)) is var fault && !float.IsFinite(fault))
                throw new TransferException($"Features must be finite numbers; the network gave {fault}. Check the mean and deviation in the backbone's description.");
            return (values[_maps.OutputName], part => values[part.Name]);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TransferException($"The network must take images as its description says ({Preprocessing.ToJson()}); ONNX Runtime refused: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
