using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>How a network is transferred to a new task. Every default is usable as it is.</summary>
public sealed record TransferOptions
{
    /// <summary>The pretrained network to reuse; null (default) takes <see cref="Backbone.Embedded"/>.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>
    /// The name of the cut below which layers are reused; default "last", the backbone's default cut. "auto" takes the one that
    /// cross-validation prefers: the features of all cuts are computed in one pass, images x the sum of their dimensions of them.
    /// </summary>
    public string Cut { get; init; } = Backbones.Cut.Last;

    /// <summary>The positive class of two; null (default) takes the second in ordinal order. More classes have none.</summary>
    public string? Positive { get; init; }

    /// <summary>Held-out images of the target; null (default) holds a share of the training images out instead.</summary>
    public ImageSet? Test { get; init; }

    /// <summary>The share of the images held out when <see cref="Test"/> is null, 0 up to 1; default .2; 0 holds none out.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>How much an image of each class counts; default <see cref="ClassWeighting.Balanced"/>.</summary>
    public ClassWeighting ClassWeights { get; init; } = ClassWeighting.Balanced;

    /// <summary>The seed of everything random; default 1. The same seed and images give the same model bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many images and folds are worked on at a time, 1 or more; null (default) takes all cores. It never changes the result.</summary>
    public int? Threads { get; init; }

    /// <summary>Where features are looked up and kept between runs; null (default) for nowhere. It never changes the result.</summary>
    public FeatureCache? Cache { get; init; }

    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(Cut))
            faults.Add("Cut is the name of a cut of the backbone; received none.");
        if (!(TestFraction is >= 0 and < 1))
            faults.Add(FormattableString.Invariant($"TestFraction is 0 up to 1; received {TestFraction}."));
        if (Threads < 1)
            faults.Add(FormattableString.Invariant($"Threads is 1 or more; received {Threads}."));
        if (faults.Count > 0)
            throw new TransferException("Options of the transfer are wrong. " + string.Join(' ', faults));
    }
}
