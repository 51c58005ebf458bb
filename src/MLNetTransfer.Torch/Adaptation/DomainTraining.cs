using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.Graph;
using MLNetTransfer.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// The training of a network with a loss between two domains: steps of one batch of each, in a new order whenever a domain is through. All that is random is drawn from the seed, and
/// one thread computes: the result is the same to the bit on any machine of a kind.
/// </summary>
internal sealed class DomainTraining : IDisposable
{
    /// <summary>A loss this many times that of guessing, or of the beginning if that is more, is no way down any more.</summary>
    private const double DivergedAt = 4;

    /// <summary>How far the score of a class without images lies below the mean of the others.</summary>
    private const double Absent = 30;

    /// <summary>The share of the learning rate that is left to a network that was trained before.</summary>
    private const double PretrainedRate = .1;

    /// <summary>The images of each domain in one step of layers with images for activations, if the method takes no fewer.</summary>
    private const int GraphBatch = 16;

    private readonly DeepAdaptation _method;
    private readonly IReadOnlyList<int> _labels;
    private readonly int[] _present;
    private readonly int _classes;
    private readonly int _targets;
    private readonly int _batch;
    private readonly int _seed;
    private readonly Action<bool, int, Memory<float>> _read;
    private readonly int _rowLength;
    private readonly FineTuningOptions _options;
    private readonly DomainDiscriminator? _discriminator;
    private readonly TrainableNetwork _network;
    private readonly float[] _weights;

    private DomainTraining(
        GraphSplit split, IReadOnlyList<long[]> shapes, int features, DeepAdaptation method, IReadOnlyList<int> labels, LinearClassifier? start, int classes, int targets,
        Action<bool, int, Memory<float>> read, int seed)
    {
        (_method, _labels, _classes, _targets, _read, _seed) = (method, labels, classes, targets, read, seed);
        _batch = start is null ? method.BatchSize : Math.Min(method.BatchSize, GraphBatch);
        _present = [.. labels.Distinct().Order()];
        _rowLength = shapes.Sum(ActivationStore.LengthOf);
        _options = new FineTuningOptions { Cut = FineTuningOptions.FromImage, LearningRate = method.LearningRate * (start is null ? 1 : PretrainedRate) };
        _discriminator = method.DiscriminatorInputs(features, _present.Length) is { } inputs ? new DomainDiscriminator(inputs, seed) : null;
        _network = new TrainableNetwork(split, shapes, features, _present.Length, _options, _discriminator?.Parameters);
        _weights = new float[_network.Length];
        _network.Read(_weights);
        var random = RandomStream.Derive(seed, "output layer");
        for (var output = 0; output < _present.Length; output++)
            for (var j = 0; j <= features; j++)
                _weights[_network.HeadStart + (j < features ? (output * features) + j : (_present.Length * features) + output)] = (float)(start is null
                    ? random.NextNormal() / Math.Sqrt(features)
                    : j < features ? start.Weights[j, _present[output]] : start.Biases[_present[output]]);
    }

    /// <summary>A hidden layer of rectified units and a linear classifier on features.</summary>
    public static DomainTraining OnFeatures(AdaptationProblem problem, DeepAdaptation method, int seed)
    {
        TorchRuntime.EnsureLoaded();
        var (source, target) = (problem.Source, problem.Target.Features);
        var model = HiddenLayer.Append(HiddenLayer.Nothing(target.Columns), source.Features, method.Units, seed);
        return new DomainTraining(GraphSplit.At(model, null), [[target.Columns]], method.Units, method, source.Labels, null, source.Classes.Count, target.Rows,
            (isTarget, row, values) => (isTarget ? target : source.Features).Row(row).CopyTo(values.Span), seed);
    }

    /// <summary>The layers of a network above a cut and a classifier on top of it that was trained before.</summary>
    public static DomainTraining OnGraph(
        GraphSplit split, ActivationStore source, ActivationStore target, LinearClassifier classifier, IReadOnlyList<int> labels, DeepAdaptation method, int seed) =>
        new(split, source.Shapes, classifier.Weights.Rows, method, labels, classifier, classifier.Biases.Count, target.Images,
            (isTarget, image, values) => (isTarget ? target : source).Read(image, 0, values.Span), seed);

    /// <summary>Trains.</summary>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <param name="progress">Told how many steps of how many are done.</param>
    /// <exception cref="TransferException">Training diverged.</exception>
    public void Run(CancellationToken cancellation, Action<int, int>? progress = null)
    {
        using var one = new OneThread();
        var step = new GradientStep(_options, _network.Ranges, _weights);
        var (sources, targets) = (Math.Min(_batch, _labels.Count), Math.Min(_batch, _targets));
        using var fromSource = Order("source", _labels.Count).GetEnumerator();
        using var fromTarget = Order("target", _targets).GetEnumerator();
        var (gradient, activations, labels) = (new float[_weights.Length], new float[(sources + targets) * _rowLength], new long[sources]);
        var (first, smooth, last) = (0d, 0d, 0d);
        for (var i = 0; i < _method.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var row = 0; row < sources; row++)
                labels[row] = Array.IndexOf(_present, _labels[Read(fromSource, isTarget: false, row)]);
            for (var row = 0; row < targets; row++)
                Read(fromTarget, isTarget: true, sources + row);
            _network.Load(_weights);
            _network.Backward(activations, sources + targets, (features, scores) => Loss(features, scores, i), gradient);
            (first, smooth) = i == 0 ? (last, last) : (first, (.9 * smooth) + (.1 * last));
            if (!(smooth <= DivergedAt * Math.Max(Math.Log(_network.Outputs), first)) || gradient.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0)
                throw new TransferException(FormattableString.Invariant($"Training goes down; that of '{_method.Name}' diverged in step {i + 1} of {_method.Steps} (loss on the source {smooth:g3}, {first:g3} in the first step). ")
                    + FormattableString.Invariant($"Lower its LearningRate (received {_method.LearningRate}) or TradeOff (received {_method.TradeOff})."));
            step.Apply(_weights, gradient, _options.LearningRate * LearningRates.ShareAt(i, _method.Steps, _options.WarmUp), i);
            progress?.Invoke(i + 1, _method.Steps);
        }
        _network.Load(_weights);

        int Read(IEnumerator<int> order, bool isTarget, int row)
        {
            order.MoveNext();
            _read(isTarget, order.Current, activations.AsMemory(row * _rowLength, _rowLength));
            return order.Current;
        }

        Tensor Loss(Tensor features, Tensor scores, int i)
        {
            var batch = new DomainBatch(features, scores, sources, i / (double)_method.Steps, _discriminator);
            var ofLabels = batch.SourceScores.log_softmax(1).gather(1, tensor(labels).unsqueeze(1)).mean().neg();
            last = ofLabels.ToDouble();
            return _method.TradeOff == 0 ? ofLabels : ofLabels.Plus(_method.Loss(batch).Times(_method.TradeOff));
        }
    }

    /// <summary>What was learnt on features.</summary>
    public AdaptedModel ModelOfFeatures()
    {
        var (weights, biases) = (Values(_network.Ranges[0]), Values(_network.Ranges[1]));
        var hidden = new AffineLayer(new Matrix(biases.Length, weights.Length / biases.Length, weights).Transposed(), biases, isRectified: true);
        return new AdaptedModel(FeatureMap.Identity(hidden.Weights.Rows).Then(hidden), Classifier());
    }

    /// <summary>The network up to the features that <see cref="Classifier"/> reads, as ONNX.</summary>
    public byte[] ToOnnx() => _network.ToOnnx();

    /// <summary>Every class of the source; those without images always lie far below the others.</summary>
    public LinearClassifier Classifier()
    {
        var (features, present) = (_network.Features, _present.Length);
        var (weights, biases) = (new Matrix(features, _classes), new double[_classes]);
        double Weight(int output, int feature) => _weights[_network.HeadStart + (output * features) + feature];
        double Bias(int output) => _weights[_network.HeadStart + (present * features) + output];
        for (var k = 0; k < _classes; k++)
        {
            int[] outputs = Array.IndexOf(_present, k) is >= 0 and var found ? [found] : [.. Enumerable.Range(0, present)];
            for (var j = 0; j < features; j++)
                weights[j, k] = outputs.Average(output => Weight(output, j));
            biases[k] = outputs.Average(Bias) - (_present.Contains(k) ? 0 : Absent);
        }
        return new LinearClassifier(weights, biases);
    }

    public void Dispose() => _network.Dispose();

    /// <summary>The images of a domain in random order, over and over.</summary>
    private IEnumerable<int> Order(string domain, int images)
    {
        var random = RandomStream.Derive(_seed, $"order of the {domain}");
        int[] order = [.. Enumerable.Range(0, images)];
        while (true)
        {
            random.Shuffle(order.AsSpan());
            foreach (var image in order)
                yield return image;
        }
    }

    private double[] Values(WeightRange range) => [.. _weights.AsSpan(range.Start, range.Length).ToArray().Select(value => (double)value)];
}
