using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Graph;
using MLNetTransfer.Torch.Native;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// The layers of a network above a cut, ready to be trained on any part of a set of images: linear probe first, then head and layers together (Kumar et al., "Fine-Tuning can Distort
/// Pretrained Features and Underperform Out-of-Distribution", ICLR 2022). What lies below was computed once for all of them. Safe to use from many threads.
/// </summary>
internal sealed class UpperLayers : IDisposable
{
    /// <summary>
    /// The share of the probe that the output layer begins with. A probe tells few images apart so well that hardly any error, and so no gradient, is left to the layers below. On 300 photos of concrete with MobileNetV2
    /// (three folds, 12 epochs) the log-loss is .326 from the whole probe, .321 from .3 of it and .312 from nothing; over 24 epochs .291 from .3 and .305 from nothing. Without training it is .372.
    /// </summary>
    private const float ProbeShare = 0.3f;

    private readonly BackboneCut _network;
    private readonly FeaturisedImages _images;
    private readonly int[] _labels;
    private readonly int[] _groups;
    private readonly FineTuningOptions _options;
    private readonly TransferOptions _transfer;
    private readonly ModelProto _model;
    private readonly string? _from;
    private readonly ActivationStore? _store;
    private readonly ActivationStore? _features;

    /// <summary>Computes what the frozen layers make of the images.</summary>
    /// <param name="network">The network from image to features.</param>
    /// <param name="images">The images with the features of the pretrained network.</param>
    /// <param name="groups">The group of every image: near-duplicates share one.</param>
    /// <param name="options">How to train.</param>
    /// <param name="transfer">Seed, class weights, threads.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops within a second.</param>
    public UpperLayers(BackboneCut network, FeaturisedImages images, int[] groups, FineTuningOptions options, TransferOptions transfer, Action<int>? progress, CancellationToken cancellation)
    {
        TorchRuntime.EnsureLoaded();
        (_network, _images, _groups, _options, _transfer) = (network, images, groups, options, transfer);
        _labels = [.. images.Images.LabelIndices];
        _model = OnnxFile.Parse(network.Onnx, network.Backbone.Name);
        var cut = options.Cut == FineTuningOptions.FromImage ? null : network.Backbone.FindCut(options.Cut);
        var trainsLayers = cut is null || cut.Name != network.Cut.Name;
        if (trainsLayers && cut is { Tensors.Count: > 1 })
            throw new TransferException($"Layers train above a cut of one tensor; '{cut.Name}' has {cut.Tensors.Count}. Choose one of "
                + $"{string.Join(", ", network.Backbone.Cuts.Where(other => other.Tensors.Count == 1).Select(other => other.Name))}.");
        _from = cut?.Tensors[0];
        if (!trainsLayers && options.HiddenUnits == 0)
            throw new TransferException($"Layers between the cut '{options.Cut}' and the head train; the head takes its features at '{network.Cut.Name}', so that there are none. Choose a cut nearer to the input.");
        // The split at the features takes something above them: any hidden layer, as what lies below is all that is computed.
        if (options.HiddenUnits > 0)
            _features = options.ViewsPerImage == 1 ? ActivationStore.Of(images.Features, options.ScratchFolder) : Compute(GraphSplit.At(HiddenLayer.Append(_model, new float[network.Dimensions], [0]), Features));
        if (trainsLayers)
            _store = Compute(GraphSplit.At(_model, _from));

        ActivationStore Compute(GraphSplit split) =>
            ActivationStore.Compute(split, network.Backbone.Preprocessing, [.. images.Images.Images.Select(image => image.Path)], options, transfer.Seed, Threads, progress, cancellation);
    }

    /// <summary>The tensor of the features.</summary>
    private string Features => _model.Graph.Output[0].Name;

    private int Threads => _transfer.Threads ?? Environment.ProcessorCount;

    private int Classes => _images.Images.Classes.Count;

    /// <summary>Trains on some of the images.</summary>
    /// <param name="rows">The images to learn from.</param>
    /// <param name="predicted">The images to predict then.</param>
    /// <param name="name">What the kept state of this training is called.</param>
    /// <param name="threads">Threads of this training; never changes the result.</param>
    /// <param name="writes">Whether the network is wanted as ONNX.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops within a second.</param>
    public TunedNetwork Train(int[] rows, int[] predicted, string name, int threads, bool writes, Action<EpochFigures>? progress, CancellationToken cancellation)
    {
        int[] Where(bool[] chosen, bool value) => [.. rows.Where((_, i) => chosen[i] == value)];
        var isWatched = _options.ValidationShare == 0
            ? new bool[rows.Length]
            : StratifiedSplit.HeldOut([.. rows.Select(row => _labels[row])], [.. rows.Select(row => _groups[row])], _options.ValidationShare, _transfer.Seed, _images.Images.Classes);
        var (learn, watch) = (Where(isWatched, false), Where(isWatched, true));
        var task = new LearningTask(_labels, NestedValidation.ClassWeights(_labels, learn, Classes, _transfer.ClassWeights));
        var (model, features, head) = (_model, _network.Dimensions, Probe(learn, task.ClassWeights, threads, cancellation));
        TunedNetwork? tuned = null;
        if (_options.HiddenUnits > 0)
        {
            // The new layer learns before anything below it moves. Nothing is known of its output layer: random weights, small enough that scores begin near 0.
            model = HiddenLayer.Append(_model, _images.Features.Select(learn), _options.HiddenUnits, _transfer.Seed);
            features = _options.HiddenUnits;
            var (random, outputs) = (RandomStream.Derive(_transfer.Seed, "output layer"), LinearModel.OutputsFor(Classes));
            float[] start = [.. Enumerable.Range(0, features * outputs).Select(_ => (float)(random.NextNormal() / Math.Sqrt(features))), .. new float[outputs]];
            tuned = Run(GraphSplit.At(model, Features), _features!, $"{name}-hidden", features, start, writesAlways: true);
            (model, head) = (OnnxFile.Parse(tuned.Onnx, "hidden layer"), [.. tuned.Head.Select(value => (float)value)]);
        }
        return _store is null ? tuned! : Run(GraphSplit.At(model, _from), _store, name, features, head, writes);

        TunedNetwork Run(GraphSplit split, ActivationStore store, string called, int dimensions, float[] begin, bool writesAlways)
        {
            using var loop = new TrainingLoop(split, store, task, dimensions, _options, _transfer.Seed, threads);
            var trained = loop.Run(begin, learn, watch, Checkpoint(called, rows), progress, cancellation);
            var scores = loop.Score(trained.Weights, predicted, cancellation);
            var network = loop.Network;
            network.Load(trained.Weights);
            return new TunedNetwork(writesAlways ? network.ToOnnx() : [], [.. trained.Weights.Skip(network.HeadStart).Take(begin.Length).Select(value => (double)value)],
                network.Ranges.Where(range => range.Rate > 0).Sum(range => (long)range.Length), [.. scores.Select(score => (double)score)], trained.Epochs, trained.Divergence);
        }
    }

    /// <summary>The output layer to begin with, from the one that fits the features of the pretrained network best: weights, then biases.</summary>
    private float[] Probe(int[] learn, double[] classWeights, int threads, CancellationToken cancellation)
    {
        var view = new FeatureView(_images.Features);
        var options = new HeadOptions { Seed = _transfer.Seed, ClassWeights = _transfer.ClassWeights, Threads = threads };
        var l2 = HeadSelection.Choose(Design.Of(view, learn), _labels, _groups, learn, classWeights, options, threads, cancellation).L2;
        var outputs = LinearModel.OutputsFor(Classes);
        var model = HeadSelection.Fit(Design.Folded(view, learn), _labels, learn, classWeights, l2, new double[outputs * (view.Columns + 1)], HeadSelection.Tolerance, threads, cancellation);
        return [.. Enumerable.Range(0, outputs).SelectMany(output => model.WeightsOf(output).ToArray()).Concat(model.Biases.ToArray()).Select(value => ProbeShare * (float)value)];
    }

    private TrainingCheckpoint? Checkpoint(string name, int[] rows)
    {
        if (_options.CheckpointFolder is not { } folder)
            return null;
        var images = string.Concat(rows.Select(row => $"{_images.Fingerprints[row].ContentHash} {_labels[row]}\n"));
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(images)));
        return new TrainingCheckpoint(Path.Combine(folder, $"{name}.training"),
            FormattableString.Invariant($"{_network.Backbone.Sha256} {_network.Cut.Name} seed {_transfer.Seed} weights {_transfer.ClassWeights} {_options.Settings} images {digest}"));
    }

    public void Dispose()
    {
        _store?.Dispose();
        _features?.Dispose();
    }
}
