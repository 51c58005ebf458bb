using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Diagnosis;

/// <summary>How domains are compared. Every default is usable as it is.</summary>
public sealed class DiagnosisOptions
{
    /// <summary>The pretrained network whose features are compared; null (default) takes <see cref="Backbone.Embedded"/>.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>The name of the cut whose features are compared; default "last".</summary>
    public string Cut { get; init; } = Backbones.Cut.Last;

    /// <summary>
    /// How many images of each domain are examined, 10 or more; default 500. Of more images as many are drawn at random: 500 show an A-distance of .2, and
    /// the work grows with the cube.
    /// </summary>
    public int MostImages { get; init; } = 500;

    /// <summary>How many permutations give a p-value, 99 or more; default 999. The least p-value is 1 / (1 + permutations).</summary>
    public int Permutations { get; init; } = 999;

    /// <summary>The seed of everything random; default 1. The same seed and images give the same diagnosis.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many images are read at a time, 1 or more; null (default) takes all cores. It never changes the result.</summary>
    public int? Threads { get; init; }

    /// <summary>Where features are looked up and kept between runs; null (default) for nowhere. It never changes the result.</summary>
    public FeatureCache? Cache { get; init; }

    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(Cut))
            faults.Add("Cut is the name of a cut of the backbone; received none.");
        if (MostImages < DiagnosisRule.FewestImages)
            faults.Add(FormattableString.Invariant($"MostImages is {DiagnosisRule.FewestImages} or more; received {MostImages}."));
        if (Permutations < 99)
            faults.Add(FormattableString.Invariant($"Permutations is 99 or more; received {Permutations}."));
        if (Threads < 1)
            faults.Add(FormattableString.Invariant($"Threads is 1 or more; received {Threads}."));
        if (faults.Count > 0)
            throw new TransferException("Options of the diagnosis are wrong. " + string.Join(' ', faults));
    }
}
