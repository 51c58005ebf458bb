using System.Globalization;
using MLNetTransfer.Evaluation;
using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>The plots of one evaluation.</summary>
internal static class EvaluationPlots
{
    private static readonly Interval Unit = new(0, 1);

    /// <summary>The receiver operating characteristic of two classes, with the point at which the model decides.</summary>
    public static Markup Roc(EvaluationResult result)
    {
        var positive = result.Classes[0] == result.Positive ? 0 : 1;
        var (found, falselyCalled) = (result.Recall, 1 - result.Confusion.Recall(1 - positive));
        var decision = result.Threshold is { } threshold ? FormattableString.Invariant($"Threshold {threshold:0.###}") : "Threshold of each fold";
        var curve = result.RocCurve.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)).ToList();
        return new SvgPlot("Receiver operating characteristic", "False positive rate", "True positive rate", Unit, Unit)
            .Area("under", [.. curve, (1, 0)])
            .Curve("diagonal", [(0, 0), (1, 1)])
            .Curve("curve", curve)
            .Dot(falselyCalled, found, string.Create(CultureInfo.InvariantCulture,
                $"{decision}: true positive rate {found:0.000}, false positive rate {falselyCalled:0.000}"))
            .ToMarkup();
    }

    /// <summary>The reliability diagram: the accuracy of each bin of confidence with its interval, and how the images spread over the bins.</summary>
    public static Markup Reliability(EvaluationResult result)
    {
        var bins = result.ReliabilityBins;
        // A confidence below 1/2 is impossible for two classes at the usual threshold: show the half that is used.
        var x = bins[0].Low >= .46 ? new Interval(.5, 1) : Unit;
        double most = bins.Max(bin => bin.Images);
        var plot = new SvgPlot("Reliability diagram", "Confidence", "Accuracy", x, Unit);
        foreach (var bin in bins)
        {
            // The histogram stands on the axis and keeps to the lowest fifth.
            double left = Math.Max(bin.Low, x.Low), height = .2 * bin.Images / most;
            plot.Area("bar", [(left, 0), (left, height), (bin.High, height), (bin.High, 0)]);
        }
        plot.Curve("diagonal", [(x.Low, x.Low), (1, 1)]);
        foreach (var bin in bins)
            plot.Whisker(bin.Confidence, Interval.Wilson(bin.Correct, bin.Images));
        plot.Curve("curve", bins.Select(bin => (bin.Confidence, bin.Accuracy)));
        foreach (var bin in bins)
            plot.Dot(bin.Confidence, bin.Accuracy, string.Create(CultureInfo.InvariantCulture,
                $"{bin.Images} images, confidence {bin.Confidence:0.000}, accuracy {bin.Accuracy:0.000}"));
        return plot.ToMarkup();
    }
}
