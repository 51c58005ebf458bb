using System.Globalization;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>How a report words numbers and sentences.</summary>
internal static class Wording
{
    /// <summary>A share as a percentage with one decimal. The space does not break.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + "\u00a0%";

    /// <summary>An interval as percentages.</summary>
    public static string Percent(Interval interval) => $"{Percent(interval.Low)} to {Percent(interval.High)}";

    /// <summary>With a capital.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>The finding of one evaluation.</summary>
    public static string Verdict(ReportEvaluation evaluation)
    {
        var result = evaluation.Result;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Sentence(evaluation.Name)}: {result.Confusion.Correct} of {result.Images} images are predicted right, "
            + $"{Percent(result.Accuracy)} (95\u00a0% interval {Percent(result.AccuracyInterval)}).");
    }
}
