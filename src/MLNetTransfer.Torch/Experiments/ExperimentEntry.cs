using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>A method with one way to choose its hyper-parameters, over all pairs and seeds. Means are over the pairs it applies to, each pair counting once. Immutable.</summary>
public sealed class ExperimentEntry
{
    /// <summary>The choice of a method that took its hyper-parameters as they are.</summary>
    public const string ByDefault = "default";

    /// <summary>The choice that only labels of the test images could have made: no user has it.</summary>
    public const string ByTestLabels = "test labels";

    /// <summary>The choice of what has nothing to choose: the source's classifier, and the classifiers trained on labels of the target.</summary>
    public const string ByNothing = "nothing";

    /// <summary>The name of an entry whose method was chosen, and not only its hyper-parameters.</summary>
    public const string Auto = "auto";

    /// <summary>The fewest pairs of which a test over pairs can say anything at 5 %.</summary>
    private const int FewestPairs = 6;

    internal ExperimentEntry(string method, string choice, IReadOnlyList<PairOutcome> pairs, double? rank)
    {
        (Method, Choice, Pairs, Rank) = (method, choice, pairs, rank);
        PairOutcome[] applied = [.. pairs.Where(pair => pair.Refusal is null)];
        Applied = applied.Length;
        if (applied.Length == 0)
            return;
        Accuracy = applied.Average(pair => pair.Accuracy);
        AccuracyInterval = MeanInterval.Of(Accuracy, [.. applied.Select(pair => (pair.Accuracy, pair.AccuracyInterval.Low, pair.AccuracyInterval.High))]);
        var difference = applied.Average(pair => pair.Difference.Value);
        var interval = MeanInterval.Of(difference, [.. applied.Select(pair => (pair.Difference.Value, pair.Difference.Low, pair.Difference.High))]);
        Difference = new PairedDifference(difference, interval.Low, interval.High);
        PValue = applied.Length == 1 ? applied[0].PValue
            : applied.Length < FewestPairs ? null
            : SignedRank.PValue([.. applied.Select(pair => pair.Difference.Value)]);
        Better = applied.Count(pair => pair.PValue < .05 && pair.Difference.Value > 0);
        Worse = applied.Count(pair => pair.PValue < .05 && pair.Difference.Value < 0);
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>How its hyper-parameters were chosen: <see cref="ByDefault"/>, the name of a scorer, <see cref="ByTestLabels"/> or <see cref="ByNothing"/>.</summary>
    public string Choice { get; }

    /// <summary>One outcome a pair, in the order of the pairs.</summary>
    public IReadOnlyList<PairOutcome> Pairs { get; }

    /// <summary>On how many pairs it was not refused.</summary>
    public int Applied { get; }

    /// <summary>The mean accuracy, 0 to 1; NaN where it applies to no pair.</summary>
    public double Accuracy { get; } = double.NaN;

    /// <summary>
    /// Its 95 % interval over test images, pairs and seeds taken as given: of a single pair Wilson's, of several that of G. Y. Zou and A. Donner ("Construction of confidence limits about effect
    /// measures: a general approach", 2008) from Wilson's. Pairs with one target share images, which it does not know.
    /// </summary>
    public Interval AccuracyInterval { get; }

    /// <summary>The mean accuracy minus that of the source's classifier on the same test images, with its 95 % interval by the same rule.</summary>
    public PairedDifference Difference { get; }

    /// <summary>
    /// The two-sided p-value of the difference. On one pair: that of the pair. Over 6 pairs or more: Wilcoxon's signed-rank test, exact, of the pairs' differences. Null between: that test could not
    /// fall below .05 there; and where no pair differs. Not corrected for the number of methods.
    /// </summary>
    public double? PValue { get; }

    /// <summary>On how many pairs it is better than the source's classifier, by the pair's test at 5 %.</summary>
    public int Better { get; }

    /// <summary>On how many it is worse.</summary>
    public int Worse { get; }

    /// <summary>The mean over pairs of its rank among the source's classifier and the methods with the same choice, 1 the best, equals sharing a rank, refused ones last; null for what is no method. That of the source's classifier is among the defaults.</summary>
    public double? Rank { get; }
}
