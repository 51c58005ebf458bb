using System.Runtime.InteropServices;
using MLNetTransfer.Torch.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// The layers above a cut and a linear output layer, all their weights seen as one vector. For one thread at a time: every shard of a batch has a network of its own.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    /// <summary>How much faster the output layer learns than the layers below: it is the new one.</summary>
    private const double HeadRate = 3;

    /// <summary>How fast what else is trained learns: an adversary of the layers that outruns them leaves them no gradient.</summary>
    private const double OtherRate = 0.3;

    private readonly GraphModule _graph;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly IReadOnlyList<Parameter> _others;
    private readonly Parameter[] _parameters;
    private readonly IReadOnlyList<long[]> _shapes;

    /// <summary>Builds the network; the output layer is 0 until weights are loaded.</summary>
    /// <param name="split">Where the layers begin.</param>
    /// <param name="shapes">The shape of one image at every tensor of the boundary.</param>
    /// <param name="features">The number of features the output layer reads.</param>
    /// <param name="outputs">The number of its outputs.</param>
    /// <param name="options">Rates of layers and whether batch normalisation trains.</param>
    /// <param name="others">What else the loss trains, such as an adversary; belongs to the network from now on. Null for nothing.</param>
    public TrainableNetwork(GraphSplit split, IReadOnlyList<long[]> shapes, int features, int outputs, FineTuningOptions options, IReadOnlyList<Parameter>? others = null)
    {
        (_shapes, Features, Outputs) = (shapes, features, outputs);
        _graph = new GraphModule(split, options.TrainBatchNorm);
        _weight = new Parameter(zeros(outputs, features));
        _bias = new Parameter(zeros(outputs));
        var layers = _graph.Weights.Count == 0 ? 0 : _graph.Weights.Max(weight => weight.Layer) + 1;
        var (ranges, start) = (new List<WeightRange>(), 0);
        foreach (var weight in _graph.Weights)
            Add(weight.Parameter, Math.Pow(options.LayerRate, layers - weight.Layer), weight.IsMatrix, isPretrained: true, weight.Channels);
        Add(_weight, HeadRate, decays: true, isPretrained: false);
        Add(_bias, HeadRate, decays: false, isPretrained: false);
        _others = others ?? [];
        foreach (var other in _others)
            Add(other, OtherRate, decays: other.dim() > 1, isPretrained: false);
        foreach (var statistic in _graph.Statistics)
            Add(statistic, 0, decays: false, isPretrained: false);
        (Ranges, Length) = (ranges, start);
        _parameters = [.. _graph.Weights.Select(weight => weight.Parameter), _weight, _bias, .. _others, .. _graph.Statistics];

        void Add(Tensor tensor, double rate, bool decays, bool isPretrained, int channels = 1)
        {
            ranges.Add(new WeightRange(start, (int)tensor.numel(), rate, decays, isPretrained, channels));
            start += (int)tensor.numel();
        }
    }

    public int Features { get; }

    public int Outputs { get; }

    /// <summary>Where each tensor lies in the vector of all weights: the layers, the output layer, what else the loss trains, then running statistics.</summary>
    public IReadOnlyList<WeightRange> Ranges { get; }

    /// <summary>The number of all weights.</summary>
    public int Length { get; }

    /// <summary>Where the weights of the output layer lie, its biases right behind them.</summary>
    public int HeadStart => Ranges[_graph.Weights.Count].Start;

    /// <summary>Whether the running statistics of batch normalisation are learnt.</summary>
    public bool HasStatistics => Ranges.Any(range => range.Rate == 0);

    /// <summary>Copies all weights out.</summary>
    public void Read(float[] weights)
    {
        for (var i = 0; i < _parameters.Length; i++)
            Values(_parameters[i]).CopyTo(weights.AsSpan(Ranges[i].Start));
    }

    /// <summary>Copies all weights in.</summary>
    public void Load(float[] weights)
    {
        for (var i = 0; i < _parameters.Length; i++)
            weights.AsSpan(Ranges[i].Start, Ranges[i].Length).CopyTo(Values(_parameters[i]));
    }

    /// <summary>The whole network as ONNX, up to the features, with the weights loaded last.</summary>
    public byte[] ToOnnx() => _graph.ToOnnx();

    /// <summary>The scores of some images, Outputs an image.</summary>
    /// <param name="activations">Their rows from the store, one after the other.</param>
    /// <param name="images">How many.</param>
    public float[] Score(float[] activations, int images)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        set_num_threads(1);
        _graph.eval();
        return Values(Forward(activations, images, null)).ToArray();
    }

    /// <summary>The features of some images, Features an image.</summary>
    public float[] Featurise(float[] activations, int images)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        set_num_threads(1);
        _graph.eval();
        return Values(_graph.forward(Inputs(activations, images)).contiguous()).ToArray();
    }

    /// <summary>One pass forth and back.</summary>
    /// <param name="activations">The rows of the images, one after the other.</param>
    /// <param name="images">How many.</param>
    /// <param name="mask">What each feature of each image is multiplied by; null for nothing.</param>
    /// <param name="lossOf">Turns scores into the gradient by them, in place, and returns the loss.</param>
    /// <param name="gradient">Receives the gradient by all weights.</param>
    /// <returns>The loss.</returns>
    public double Backward(float[] activations, int images, float[]? mask, Func<float[], double> lossOf, float[] gradient)
    {
        using var scope = NewDisposeScope();
        Begin();
        var scores = Forward(activations, images, mask);
        var values = Values(scores).ToArray();
        var loss = lossOf(values);
        scores.backward([Aligned(values, images, Outputs)]);
        Collect(gradient);
        return loss;
    }

    /// <summary>One pass forth and back with a loss of features and scores.</summary>
    /// <param name="activations">The rows of the images, one after the other.</param>
    /// <param name="images">How many.</param>
    /// <param name="lossOf">Makes the loss, a tensor of one value, of the features, [images, Features], and the scores, [images, Outputs].</param>
    /// <param name="gradient">Receives the gradient by all weights.</param>
    public void Backward(float[] activations, int images, Func<Tensor, Tensor, Tensor> lossOf, float[] gradient)
    {
        using var scope = NewDisposeScope();
        Begin();
        var features = _graph.forward(Inputs(activations, images));
        lossOf(features, nn.functional.linear(features, _weight, _bias)).backward();
        Collect(gradient);
    }

    public void Dispose()
    {
        _graph.Dispose();
        _weight.Dispose();
        _bias.Dispose();
        foreach (var other in _others)
            other.Dispose();
    }

    private void Begin()
    {
        set_num_threads(1); // of this thread: batches are divided among threads here, not in libtorch
        _graph.train();
        foreach (var parameter in _parameters)
            parameter.grad?.zero_();
    }

    private void Collect(float[] gradient)
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            var target = gradient.AsSpan(Ranges[i].Start, Ranges[i].Length);
            if (_parameters[i].grad is { } found)
                Values(found.contiguous()).CopyTo(target);
            else
                target.Clear();
        }
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>
    /// A tensor in memory of libtorch's own: matrix products round otherwise where memory is aligned otherwise, and an array of .NET lies where it happens to.
    /// </summary>
    private static Tensor Aligned(float[] values, params long[] shape) => tensor(values, shape).clone();

    private Tensor Forward(float[] activations, int images, float[]? mask)
    {
        var features = _graph.forward(Inputs(activations, images));
        if (mask is not null)
            features = features.mul(Aligned(mask, images, Features));
        return nn.functional.linear(features, _weight, _bias).contiguous();
    }

    private Tensor[] Inputs(float[] activations, int images)
    {
        var inputs = new Tensor[_shapes.Count];
        var (row, start) = (activations.Length / images, 0);
        for (var i = 0; i < inputs.Length; i++)
        {
            var length = ActivationStore.LengthOf(_shapes[i]);
            var values = inputs.Length == 1 ? activations : new float[images * length];
            for (var image = 0; image < images && inputs.Length > 1; image++)
                activations.AsSpan(image * row + start, length).CopyTo(values.AsSpan(image * length));
            inputs[i] = Aligned(values, [images, .. _shapes[i]]);
            start += length;
        }
        return inputs;
    }
}
