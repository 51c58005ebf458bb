using System.Globalization;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>All figures: one row a figure, one column an evaluation. Above it, the few that matter first as tiles.</summary>
internal static class SummaryTable
{
    public static void Write(HtmlBuilder html, IReadOnlyList<ReportEvaluation> evaluations)
    {
        var first = evaluations[0].Result;
        html.Line($"<section><h2>Figures</h2><div class=\"card\"><div class=\"scroll\">"
            + $"<table class=\"lines\"><thead><tr><th scope=\"col\"></th>");
        foreach (var evaluation in evaluations)
            html.Line($"<th scope=\"col\" class=\"number\">{Wording.Sentence(evaluation.Name)}</th>");
        html.Line($"<th scope=\"col\" class=\"meaning\">What it says</th></tr></thead><tbody>");
        Row("Images", "how many were evaluated", result => result.Images.ToString(CultureInfo.InvariantCulture));
        Row("Accuracy", "predicted right; below it the 95 % interval (Wilson)",
            result => Wording.Percent(result.Accuracy), result => Wording.Percent(result.AccuracyInterval));
        Row("AUC", first.Positive is { } name ? $"a random '{name}' ranks above a random other; 0.5 is guessing"
            : "one class ranks above the rest, mean over classes; 0.5 is guessing",
            result => result.Auc is { } auc ? Number(auc) : "undefined");
        Row("Precision", first.Positive is null ? "predicted so and right, mean over classes"
            : $"of the images called '{first.Positive}', those that are", result => Number(result.Precision));
        Row("Recall", first.Positive is null ? "of a class and found, mean over classes"
            : $"of the '{first.Positive}' images, those found", result => Number(result.Recall));
        Row("F1", "harmonic mean of precision and recall", result => Number(result.F1));
        Row("Log-loss",
            $"penalty on confident mistakes; 0 is perfect, {Number(Math.Log(first.Classes.Count))} is guessing", result => Number(result.LogLoss));
        Row("Brier score", "squared error of the probabilities; 0 is perfect", result => Number(result.Brier));
        Row("Calibration error", "mean distance between confidence and accuracy (ECE, 15 bins)", result => Number(result.Ece));
        html.Line($"</tbody></table></div></div></section>");

        void Row(string figure, string meaning, Func<EvaluationResult, string> value, Func<EvaluationResult, string>? detail = null)
        {
            html.Line($"<tr><th scope=\"row\">{figure}</th>");
            foreach (var evaluation in evaluations)
            {
                var small = detail is null ? default : HtmlBuilder.Of($"<small>{detail(evaluation.Result)}</small>");
                html.Line($"<td class=\"number\">{value(evaluation.Result)}{small}</td>");
            }
            html.Line($"<td class=\"meaning\">{meaning}</td></tr>");
        }
    }

    public static void WriteTiles(HtmlBuilder html, ReportEvaluation evaluation)
    {
        var result = evaluation.Result;
        var of = result.Positive is { } positive ? $"of '{positive}'" : "mean over classes";
        html.Line($"<ul class=\"tiles\">");
        Tile("Accuracy", Wording.Percent(result.Accuracy), $"{Wording.Percent(result.AccuracyInterval)}");
        if (result.Auc is { } auc)
            Tile("AUC", Number(auc), "0.5 is guessing");
        Tile("Recall", Wording.Percent(result.Recall), of);
        Tile("Precision", Wording.Percent(result.Precision), of);
        Tile("Images", result.Images.ToString(CultureInfo.InvariantCulture), evaluation.Name);
        html.Line($"</ul>");

        void Tile(string name, string value, string detail) =>
            html.Line($"<li><span>{name}</span><b>{value}</b><small>{detail}</small></li>");
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
