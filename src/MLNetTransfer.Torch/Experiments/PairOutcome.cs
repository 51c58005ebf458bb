using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>What an entry did on one pair, over all seeds. Immutable.</summary>
public sealed class PairOutcome
{
    /// <summary>Why it was refused; null where it was not.</summary>
    public string? Refusal { get; init; }

    /// <summary>The mean accuracy over test images and seeds, 0 to 1; NaN where refused.</summary>
    public double Accuracy { get; init; } = double.NaN;

    /// <summary>Its 95 % interval by Wilson, an image counting once however many seeds there are.</summary>
    public Interval AccuracyInterval { get; init; }

    /// <summary>The accuracy minus that of the source's classifier on the same test images.</summary>
    public PairedDifference Difference { get; init; }

    /// <summary>
    /// The two-sided p-value of the difference: McNemar's test, exact, of the images that one of the two gets right and the other does not; with several seeds, of the images that one gets
    /// right more often.
    /// </summary>
    public double PValue { get; init; } = 1;

    /// <summary>The method and hyper-parameters that were taken, one text a seed.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>In how many seeds the scorer could judge no candidate, so that the first was taken, or "none" where that was among them.</summary>
    public int Unjudged { get; init; }
}
