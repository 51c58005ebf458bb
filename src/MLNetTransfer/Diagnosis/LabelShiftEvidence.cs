using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// Estimated shares of the classes in the target, from predictions alone: black-box shift estimation (Z. Lipton, Y.-X. Wang and A. Smola, "Detecting and
/// correcting for label shift with black box predictors", ICML 2018). It holds if the images of a class look the same in both domains, p_S(x|y) = p_T(x|y);
/// where they do not, the figures mean nothing. Immutable.
/// </summary>
public sealed class LabelShiftEvidence
{
    internal LabelShiftEvidence(
        IReadOnlyList<string> classes, IReadOnlyList<double> source, IReadOnlyList<double> target, IReadOnlyList<Interval> intervals, double pValue, double accuracy) =>
        (Classes, SourceShares, TargetShares, Intervals, PValue, SourceHeadAccuracy) = (classes, source, target, intervals, pValue, accuracy);

    /// <summary>The classes of the source.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The share of each class among the examined images of the source.</summary>
    public IReadOnlyList<double> SourceShares { get; }

    /// <summary>The estimated share of each class in the target.</summary>
    public IReadOnlyList<double> TargetShares { get; }

    /// <summary>The 95 % bootstrap interval of each estimate.</summary>
    public IReadOnlyList<Interval> Intervals { get; }

    /// <summary>The p-value that the source head predicts the classes in the same proportions for both domains, by permutation.</summary>
    public double PValue { get; }

    /// <summary>Whether the proportions differ, by that p-value.</summary>
    public bool Differs => PValue <= DiagnosisRule.ProportionsLevel;

    /// <summary>The cross-validated accuracy of the source head whose predictions are used, 0 to 1.</summary>
    public double SourceHeadAccuracy { get; }

    /// <summary>
    /// The p-value of the discrepancy of the target against source images drawn in the estimated proportions; null where these are too few. If the images of
    /// a class look the same in both domains, nothing differs any more.
    /// </summary>
    public double? MatchedPValue { get; private init; }

    /// <summary>Whether nothing speaks against the assumption that the images of a class look the same in both domains. If false, the estimates mean nothing.</summary>
    public bool AssumptionHolds => MatchedPValue > DiagnosisRule.Level;

    internal LabelShiftEvidence With(double? matchedPValue) => new(Classes, SourceShares, TargetShares, Intervals, PValue, SourceHeadAccuracy) { MatchedPValue = matchedPValue };
}
