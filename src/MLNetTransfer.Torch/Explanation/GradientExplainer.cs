using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Explanation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Graph;
using MLNetTransfer.Torch.Native;
using MLNetTransfer.Transfer;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Explanation;

/// <summary>
/// Grad-CAM (R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017): the channels of a map, each times the mean
/// over all places of the gradient of the class's score by it (equations 1 and 2). For every network and any of its maps, where a class activation map needs features that are averages of
/// maps and a linear head; where those are, the two differ by the bias alone. The paper drops what speaks against the class; here it stays, below 0. Calls wait for each other.
/// </summary>
public sealed class GradientExplainer : IDisposable
{
    private readonly Preprocessing _preprocessing;
    private readonly LinearHead _head;
    private readonly TensorShape _map;
    private readonly GraphModule _upper;
    private readonly InferenceSession _lower;
    private readonly Lock _gate = new();

    private GradientExplainer(ModelCard card, LinearHead head, TensorShape map, GraphSplit split)
    {
        (Card, _preprocessing, _head, _map) = (card, card.Preprocessing, head, map);
        _upper = new GraphModule(split);
        _upper.eval();
        _lower = NetworkSession.Open(split.LowerOnnx, threads: 1);
    }

    /// <summary>What there is to know about the model.</summary>
    public ModelCard Card { get; }

    /// <summary>The classes in ordinal order.</summary>
    public IReadOnlyList<string> Classes => _head.Classes;

    /// <summary>The map that is looked at: the name of its tensor.</summary>
    public string Tensor => _map.Name;

    /// <summary>Loads a model after checking every byte of it.</summary>
    /// <param name="path">A file that <see cref="TransferModel.Save"/> wrote.</param>
    /// <param name="tensor">The map to look at: the name of a tensor of the model's network, such as that of a cut; null (default) for its last map.</param>
    /// <exception cref="TransferException">The file is missing, truncated, altered or no model of this library; there is no such map; or an operator above it has no gradient here.</exception>
    public static GradientExplainer Load(string path, string? tensor = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TorchRuntime.EnsureLoaded();
        var saved = ModelArchive.Open(path);
        var model = OnnxFile.Parse(saved.Onnx, path);
        var maps = SpatialTensors.Of(model.Graph, saved.Card.Preprocessing, path);
        var map = tensor is null ? maps.LastOrDefault() : maps.FirstOrDefault(map => map.Name == tensor);
        if (map is null)
            throw new TransferException(maps.Count == 0
                ? $"Grad-CAM needs a map of more than one place; the network of '{path}' has none. Explain by occlusion."
                : $"Grad-CAM looks at a map of the network, such as {string.Join(", ", maps.GroupBy(map => (map.Height, map.Width)).Select(same => same.Last().Name))}; received '{tensor}'. Name one of those, or none for the last.");
        return new GradientExplainer(saved.Card, ImageExplainer.HeadOf(saved, path), map, GraphSplit.At(model, map.Name));
    }

    /// <summary>Predicts an image file and finds what the prediction rests on.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="name">The class to explain; null (default) for the one the model decides for.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    /// <exception cref="TransferException">There is no such class, or the network makes of the image what is not finite.</exception>
    public ImageExplanation Explain(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (name is not null && !Classes.Contains(name))
            throw new TransferException($"A class of this model is one of {string.Join(", ", Classes.Select(known => $"'{known}'"))}; received '{name}'.");
        var image = new float[_preprocessing.TensorLength];
        ImageDecoder.Decode(path, _preprocessing, image, out _);
        lock (_gate)
        {
            using var scope = NewDisposeScope();
            set_num_threads(1);
            var boundary = Below(image);
            using var map = boundary[0].requires_grad_(true);
            var features = _upper.forward(boundary);
            float[] values = [.. Values(features.contiguous())];
            if (Array.Find(values, value => !float.IsFinite(value)) is var fault && !float.IsFinite(fault))
                throw new TransferException($"Features must be finite numbers; the network makes {fault} of '{path}'. Check the preprocessing of the backbone.");
            var probabilities = new float[Classes.Count];
            _head.Probabilities(values, probabilities);
            var prediction = new ImagePrediction(Classes, probabilities, _head.Decide(probabilities));
            name ??= prediction.Label;
            features.backward([tensor(WeightsOf(name), 1, _head.Features)]);
            var heat = HeatOf(Values(map).ToArray(), Values(map.grad!.contiguous()).ToArray());
            return new ImageExplanation(path, prediction, name, ExplanationMethod.GradientActivation, heat, _preprocessing);
        }
    }

    /// <summary>Frees the network. No call may be running.</summary>
    public void Dispose()
    {
        _upper.Dispose();
        _lower.Dispose();
    }

    /// <summary>What the lower part makes of an image, the map first.</summary>
    private Tensor[] Below(float[] image)
    {
        var (channels, side) = (_preprocessing.Channels, _preprocessing.Side);
        using var input = OrtValue.CreateTensorValueFromMemory(image, _preprocessing.Layout == TensorLayout.Nchw ? [1, channels, side, side] : [1, side, side, channels]);
        using var options = new RunOptions();
        using var outputs = _lower.Run(options, [_lower.InputNames[0]], [input], _upper.Inputs);
        return [.. outputs.Select(output => tensor(output.GetTensorDataAsSpan<float>().ToArray(), output.GetTensorTypeAndShape().Shape))];
    }

    /// <summary>How much the score of a class grows with each feature.</summary>
    private float[] WeightsOf(string name)
    {
        var score = new ClassScore(_head, name);
        var weights = new float[_head.Features];
        for (var feature = 0; feature < weights.Length; feature++)
            weights[feature] = (float)score.WeightOf(feature);
        return weights;
    }

    private HeatMap HeatOf(float[] map, float[] gradient)
    {
        var places = _map.Height * _map.Width;
        var (placeStep, channelStep) = _map.IsChannelsLast ? (_map.Channels, 1) : (1, places);
        var heat = new double[places];
        for (var channel = 0; channel < _map.Channels; channel++)
        {
            var weight = 0d;
            for (var place = 0; place < places; place++)
                weight += gradient[place * placeStep + channel * channelStep] / (double)places;
            for (var place = 0; place < places; place++)
                heat[place] += weight * map[place * placeStep + channel * channelStep];
        }
        return new HeatMap(_map.Height, _map.Width, [.. heat.Select(value => (float)value)]);
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
