using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>How an experiment is run; nothing here changes a number of the result. Every default is usable as it is.</summary>
public sealed record ExperimentOptions
{
    /// <summary>Where finished records are kept, so that a run that was stopped goes on; null (default) for <see cref="Experiment.DefaultResults"/>.</summary>
    public string? Results { get; init; }

    /// <summary>Finds a backbone by the name that the file gives it; null (default): "embedded", or an ONNX file.</summary>
    public Func<string, Backbone>? Backbones { get; init; }

    /// <summary>Where features are looked up and kept between runs; null (default) for nowhere.</summary>
    public FeatureCache? Cache { get; init; }

    /// <summary>How many images are read and methods tried at a time, 1 or more; null (default) takes all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether the images of every pair are laid out in a plane, before and after adaptation. Default: false.</summary>
    public bool Embeds { get; init; }
}
