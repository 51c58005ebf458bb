using Microsoft.ML;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Explanation;

/// <summary>Shows what the predictions of a saved model rest on. Calls wait for each other; for predictions alone <see cref="ImageClassifier"/> is faster.</summary>
public sealed class ImageExplainer : IDisposable
{
    /// <summary>What ONNX Runtime takes for all cores.</summary>
    private const int AllCores = 0;

    private readonly ExplainedNetwork _network;
    private readonly LinearHead _head;
    private readonly Lock _gate = new();

    private ImageExplainer(ModelCard card, ExplainedNetwork network, LinearHead head) => (Card, _network, _head) = (card, network, head);

    /// <summary>What there is to know about the model.</summary>
    public ModelCard Card { get; }

    /// <summary>The classes in ordinal order.</summary>
    public IReadOnlyList<string> Classes => _head.Classes;

    /// <summary>The method used when none is asked for: the class activation map where every feature is the average of a map, otherwise occlusion.</summary>
    public ExplanationMethod DefaultMethod => _network.HasOnlyMaps ? ExplanationMethod.ClassActivation : ExplanationMethod.Occlusion;

    /// <summary>Loads a model after checking every byte of it.</summary>
    /// <param name="path">A file that <see cref="TransferModel.Save"/> wrote.</param>
    /// <param name="threads">Among how many threads one run of the network is divided, 1 or more; null (default) takes all cores. It never changes an explanation.</param>
    /// <exception cref="TransferException">The file is missing, truncated, altered or no model of this library.</exception>
    public static ImageExplainer Load(string path, int? threads = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (threads is < 1)
            throw new TransferException($"The number of threads is 1 or more; received {threads}.");
        var saved = ModelArchive.Open(path);
        var network = new ExplainedNetwork(saved.Onnx, saved.Card.Preprocessing, path, threads ?? AllCores);
        return new ImageExplainer(saved.Card, network, HeadOf(saved, path));
    }

    /// <summary>Predicts an image file and finds what the prediction rests on.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Stops between two runs of the network.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    /// <exception cref="TransferException">The options are wrong, or ask for a class activation map where the network has none.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public ImageExplanation Explain(string path, ExplanationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ExplanationOptions();
        options.Validate(Classes);
        var method = options.Method ?? DefaultMethod;
        if (method == ExplanationMethod.ClassActivation)
            RequireMaps();
        var tensor = _network.Read(path);
        lock (_gate)
        {
            var (features, maps) = _network.Run(tensor);
            var probabilities = new float[Classes.Count];
            _head.Probabilities(features, probabilities);
            var prediction = new ImagePrediction(Classes, probabilities, _head.Decide(probabilities));
            var name = options.Class ?? prediction.Label;
            var map = method == ExplanationMethod.ClassActivation
                ? ClassActivation.Of(_network.Parts, maps, new ClassScore(_head, name))
                : Occlusion.Of(_network, _head, tensor, Classes.Index().First(pair => pair.Item == name).Index, options, cancellation);
            return new ImageExplanation(path, prediction, name, method, map, _network.Preprocessing);
        }
    }

    /// <summary>The maps that the features of an image are averages of.</summary>
    /// <param name="path">The image file.</param>
    /// <exception cref="ImageException">The image cannot be read; the message says why.</exception>
    /// <exception cref="TransferException">The model's features are not averages of maps.</exception>
    public ActivationMaps Activations(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!_network.Parts.Any(part => part.IsSpatial))
            RequireMaps();
        lock (_gate)
            return ActivationMaps.Of(_network, path);
    }

    /// <summary>Frees the network. No call may be running.</summary>
    public void Dispose() => _network.Dispose();

    /// <summary>The head of a model; files of version 0.1 have it only inside the ML.NET model.</summary>
    internal static LinearHead HeadOf(SavedModel saved, string path) => saved.Head ?? HeadWithMLNet(path);

    private void RequireMaps()
    {
        if (!_network.HasOnlyMaps)
            throw new TransferException($"A class activation map needs features that are averages of maps; those of {Card.Backbone} cut at {Card.Cut} are not. "
                + "Explain by occlusion, or train with a cut below.");
    }

    private static LinearHead HeadWithMLNet(string path)
    {
        var model = new MLContext(0).Model.Load(path, out _);
        try
        {
            return LinearHead.FromTransformer(model);
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }
}
