using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>How a model is adapted to a target. Every default is usable as it is.</summary>
public sealed record AdaptationOptions
{
    /// <summary>What chooses among methods when none is named.</summary>
    public static AdaptationScorer DefaultScorer { get; } = new EnsembleAgreement();

    /// <summary>The method, with its hyper-parameters; null (default) lets the scorer choose among all of the catalog, "none" included.</summary>
    public AdaptationMethod? Method { get; init; }

    /// <summary>
    /// What chooses, without target labels: among all methods, or, where a method is named, among its hyper-parameters. Null (default) takes
    /// <see cref="DefaultScorer"/> for the former and leaves a named method as it is.
    /// </summary>
    public AdaptationScorer? Scorer { get; init; }

    /// <summary>The pretrained network to reuse; null (default) takes <see cref="Backbone.Embedded"/>.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>The name of the cut whose features are adapted; default "last", the backbone's default cut. No "auto" here.</summary>
    public string Cut { get; init; } = Backbones.Cut.Last;

    /// <summary>
    /// The name of a cut below <see cref="Cut"/>, or "image": the network's layers above it are adapted too, after the features, by a named method that can; the message of any other
    /// lists those. Null (default) adapts features alone.
    /// </summary>
    public string? FineTune { get; init; }

    /// <summary>Held-out labelled images of the target, which measure the finished model and choose nothing; null (default) for none.</summary>
    public LabeledDomain? Test { get; init; }

    /// <summary>The seed of everything random; default 1. The same seed and images give the same model bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where features are looked up and kept between runs; null (default) for nowhere. It never changes the result.</summary>
    public FeatureCache? Cache { get; init; }

    /// <summary>How many images are read at a time, 1 or more; null (default) takes all cores. It never changes the result.</summary>
    public int? Threads { get; init; }
}
