using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.Graph;
using MLNetTransfer.Torch.Native;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The layers of a network above a cut, which may change for a target.</summary>
internal sealed class AdaptableLayers
{
    private readonly string? _from;
    private readonly IProgress<TransferProgress>? _progress;

    /// <summary>Finds the layers.</summary>
    /// <param name="network">From images to the features that are adapted.</param>
    /// <param name="cut">The name of the cut, or "image".</param>
    /// <param name="threads">Images worked on at a time; never changes the result.</param>
    /// <param name="progress">Told as images are done.</param>
    /// <exception cref="TransferException">There are none above the cut, or the cut has several tensors.</exception>
    public AdaptableLayers(BackboneCut network, string cut, int threads, IProgress<TransferProgress>? progress)
    {
        TorchRuntime.EnsureLoaded();
        (Network, Threads, _progress) = (network, threads, progress);
        var found = cut == FineTuningOptions.FromImage ? null : network.Backbone.FindCut(cut);
        if (found is { Tensors.Count: > 1 })
            throw new TransferException($"Layers are adapted above a cut of one tensor; '{found.Name}' has {found.Tensors.Count}. Choose one of "
                + $"{string.Join(", ", network.Backbone.Cuts.Where(other => other.Tensors.Count == 1).Select(other => other.Name))}.");
        if (found?.Name == network.Cut.Name)
            throw new TransferException($"Layers between a cut and the features are adapted; the features are those of '{network.Cut.Name}', so that there are none. Choose a cut nearer to the input.");
        _from = found?.Tensors[0];
        Split(network);
    }

    /// <summary>From images to the features that are adapted.</summary>
    public BackboneCut Network { get; }

    /// <summary>Images worked on at a time.</summary>
    public int Threads { get; }

    /// <summary>The layers in the network, or in one that begins like it.</summary>
    public GraphSplit Split(BackboneCut network) => GraphSplit.At(OnnxFile.Parse(network.Onnx, network.Backbone.Name), _from);

    /// <summary>What the layers below make of images as they are.</summary>
    public ActivationStore Activations(GraphSplit split, IReadOnlyList<string> paths, string stage, int seed, CancellationToken cancellation) => ActivationStore.Compute(
        split, Network.Backbone.Preprocessing, paths, new FineTuningOptions { Cut = FineTuningOptions.FromImage, Augmentation = Augmentation.None }, seed, Threads,
        done => Report(stage, done, paths.Count), cancellation);

    /// <summary>Tells how much of a stage is done.</summary>
    public void Report(string stage, int done, int total) => _progress?.Report(new TransferProgress(stage, done, total));
}
