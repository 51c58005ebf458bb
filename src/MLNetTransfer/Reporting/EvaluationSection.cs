using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>The section of a page about one evaluation: plots, confusion matrix, most wrong images.</summary>
internal static class EvaluationSection
{
    // Beyond this many classes the cells hold counts alone.
    private const int RoomyClasses = 8;

    public static void Write(HtmlBuilder html, ReportEvaluation evaluation)
    {
        var result = evaluation.Result;
        html.Line($"<section><h2>{Wording.Sentence(evaluation.Name)}</h2>");
        html.Line($"<div class=\"grid\">");
        if (result.RocCurve.Count > 0)
        {
            var decision = result.Threshold is { } threshold ? FormattableString.Invariant($"its threshold of {threshold:0.###}") : "the threshold of each fold";
            html.Line($"<figure class=\"card\"><h3>ROC curve</h3>");
            html.Line($"{EvaluationPlots.Roc(result)}<figcaption>Area under the curve {result.Auc ?? 0:0.000}. "
                + $"The dot is the model at {decision}. The dashed line is guessing.</figcaption></figure>");
        }
        html.Line($"<figure class=\"card\"><h3>Calibration</h3>");
        html.Line($"{EvaluationPlots.Reliability(result)}<figcaption>Expected calibration error {result.Ece:0.000}. "
            + $"Dots on the dashed line: of the images predicted with 80 % confidence, 80 % are right. "
            + $"Whiskers are 95 % intervals; the bars show how many images have that confidence.</figcaption></figure>");
        html.Line($"</div>");
        WriteConfusion(html, result.Confusion);
        WriteMostWrong(html, evaluation);
        html.Line($"</section>");
    }

    private static void WriteConfusion(HtmlBuilder html, ConfusionMatrix confusion)
    {
        var roomy = confusion.Classes.Count <= RoomyClasses;
        html.Line($"<div class=\"card\"><h3>Confusion matrix</h3>"
            + $"<div class=\"scroll\"><table class=\"confusion {(confusion.Classes.Count == 2 ? "pair" : "many")}\"><thead>");
        html.Line($"<tr><td></td><th colspan=\"{confusion.Classes.Count}\" scope=\"colgroup\" class=\"over\">predicted</th><td></td></tr>");
        html.Line($"<tr><th scope=\"col\" class=\"corner\">actual</th>");
        foreach (var name in confusion.Classes)
            html.Line($"<th scope=\"col\">{name}</th>");
        html.Line($"<th scope=\"col\" class=\"total\">images</th></tr></thead><tbody>");
        for (var actual = 0; actual < confusion.Classes.Count; actual++)
        {
            html.Line($"<tr><th scope=\"row\">{confusion.Classes[actual]}</th>");
            var images = confusion.ActualCount(actual);
            for (var predicted = 0; predicted < confusion.Classes.Count; predicted++)
            {
                var share = images == 0 ? 0 : (double)confusion[actual, predicted] / images;
                var kind = share == 0 ? "none" : actual == predicted ? "right" : "wrong";
                var detail = roomy && images > 0 ? HtmlBuilder.Of($"<small>{Wording.Percent(share)}</small>") : default;
                // The root lifts the few mistakes of a good model out of the background.
                html.Line($"<td class=\"{kind}\" style=\"--shade:{Math.Sqrt(share):0.###}\">{confusion[actual, predicted]}{detail}</td>");
            }
            html.Line($"<td class=\"total\">{images}</td></tr>");
        }
        html.Line($"</tbody></table></div></div>");
    }

    private static void WriteMostWrong(HtmlBuilder html, ReportEvaluation evaluation)
    {
        if (evaluation.MostWrong.Count == 0)
            return;
        html.Line($"<div class=\"card\"><h3>Most wrong</h3><p class=\"note\">"
            + $"The images with the highest probability on a wrong class. Look here for wrong labels first.</p><div class=\"gallery\">");
        foreach (var image in evaluation.MostWrong)
        {
            var picture = Thumbnail.TryCreate(image.Path, out var jpeg)
                ? HtmlBuilder.Of($"<img src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\" alt=\"{image.Actual}, predicted {image.Predicted}\">")
                : HtmlBuilder.Of($"<div class=\"missing\">no picture</div>");
            html.Line($"<figure>{picture}<figcaption>"
                + $"<span class=\"file\" title=\"{image.Path}\">{Path.GetFileName(image.Path)}</span>");
            html.Line($"<span>{image.Actual}, predicted <b>{image.Predicted}</b></span>"
                + $"<span class=\"probability\">{Wording.Percent(image.Probability)}</span></figcaption></figure>");
        }
        html.Line($"</div></div>");
    }
}
