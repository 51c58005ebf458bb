using MLNetTransfer.Explanation;

namespace MLNetTransfer.Reporting;

/// <summary>The section of a page about what decisions rest on.</summary>
internal static class ExplanationSection
{
    public static void Write(HtmlBuilder html, IReadOnlyList<ReportExplanation> explanations)
    {
        if (explanations.Count == 0)
            return;
        var how = explanations[0].Method switch
        {
            ExplanationMethod.ClassActivation => "Class activation maps: what each place adds to the score of the predicted class.",
            ExplanationMethod.GradientActivation => "Grad-CAM: what each place of a map adds to the score of the predicted class, by its gradient.",
            _ => "Occlusion: how much the probability of the predicted class drops when a place is covered.",
        };
        html.Line($"<section><h2>What the decisions rest on</h2><div class=\"card\"><p class=\"legend\"><span>against</span><i></i><span>for the predicted class</span></p>");
        html.Line($"<p class=\"note\">{how} In each picture the strongest place has the strongest colour.</p>");
        WriteGallery(html, "Predicted right", [.. explanations.Where(IsRight)]);
        WriteGallery(html, "Predicted wrong", [.. explanations.Where(explanation => !IsRight(explanation))]);
        html.Line($"</div></section>");
    }

    private static bool IsRight(ReportExplanation explanation) => explanation.Image.Actual == explanation.Image.Predicted;

    private static void WriteGallery(HtmlBuilder html, string title, IReadOnlyList<ReportExplanation> explanations)
    {
        if (explanations.Count == 0)
            return;
        html.Line($"<h3>{title}</h3><div class=\"gallery explained\">");
        foreach (var explanation in explanations)
        {
            var image = explanation.Image;
            html.Line($"<figure><img src=\"data:image/jpeg;base64,{Convert.ToBase64String(explanation.Jpeg)}\" alt=\"{image.Predicted}: what it rests on\"><figcaption>"
                + $"<span class=\"file\" title=\"{image.Path}\">{Path.GetFileName(image.Path)}</span>");
            html.Line($"<span>{image.Actual}, predicted <b>{image.Predicted}</b></span>"
                + $"<span class=\"probability\">{Wording.Percent(image.Probability)}</span></figcaption></figure>");
        }
        html.Line($"</div>");
    }
}
