namespace MLNetTransfer.Torch.Experiments;

/// <summary>What an experiment found. Immutable.</summary>
public sealed class ExperimentResult
{
    internal ExperimentResult(Experiment experiment, IReadOnlyList<ExperimentComparison> comparisons, IReadOnlyList<SkippedImage> skipped) =>
        (Experiment, Comparisons, Skipped) = (experiment, comparisons, skipped);

    /// <summary>What was compared.</summary>
    public Experiment Experiment { get; }

    /// <summary>One comparison of the methods for every backbone and cut.</summary>
    public IReadOnlyList<ExperimentComparison> Comparisons { get; }

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }
}
