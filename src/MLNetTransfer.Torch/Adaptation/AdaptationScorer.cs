namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// Judges an adapted model without target labels. To add one: a sealed class in one file with a constructor without arguments, and one test file;
/// <see cref="ScorerCatalog"/> finds it.
/// </summary>
public abstract class AdaptationScorer
{
    /// <summary>What a user types: lower case, words joined by hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for a list: what it goes by.</summary>
    public abstract string Summary { get; }

    /// <summary>Authors, title, where and when.</summary>
    public abstract string Reference { get; }

    /// <summary>How good the model looks: the higher, the better. Comparable between trials of one problem only.</summary>
    /// <param name="trial">What to judge.</param>
    /// <param name="all">All trials that the choice is among, this one included; null for this one alone. Most scorers look at the trial alone.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TransferException">The scorer does not apply to the trial; the message says why.</exception>
    public double Score(AdaptationTrial trial, IReadOnlyList<AdaptationTrial>? all = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trial);
        cancellation.ThrowIfCancellationRequested();
        var score = ScoreCore(trial, all ?? [trial], cancellation);
        return double.IsFinite(score)
            ? score
            : throw new TransferException(FormattableString.Invariant($"A score is a finite number; '{Name}' gave {score} for '{trial.Method}'. Choose another scorer."));
    }

    /// <summary>Does the work.</summary>
    protected abstract double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation);

    /// <summary>Whether it compares what all models predict and looks at nothing else.</summary>
    internal virtual bool IsComparison => false;

    /// <summary>How good predictions look among those of all models; only where <see cref="IsComparison"/>.</summary>
    /// <param name="probabilities">What the model makes of the target: images x classes.</param>
    /// <param name="all">The same of all models that the choice is among, this one included.</param>
    internal virtual double Compare(FeatureMatrix probabilities, IReadOnlyList<FeatureMatrix> all) => throw new NotSupportedException($"'{Name}' judges trials, not predictions.");
}
