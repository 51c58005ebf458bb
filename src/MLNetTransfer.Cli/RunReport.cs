using MLNetTransfer.Reporting;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli;

/// <summary>The HTML report of a run.</summary>
internal static class RunReport
{
    /// <summary>Writes what a model is worth; nothing when no file was asked for.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="title">The title.</param>
    /// <param name="model">The model file.</param>
    /// <param name="card">Its card.</param>
    /// <param name="heldOut">Images the model was not trained on, to show what decisions rest on; null for none.</param>
    /// <param name="skipped">The images that could not be read.</param>
    /// <param name="parts">The evaluations, the most important first.</param>
    public static void Write(string? path, string title, string model, ModelCard card, EvaluatedImages? heldOut, IReadOnlyList<SkippedImage> skipped, params IEnumerable<(string Name, EvaluatedImages? Images)> parts) =>
        Write(path, title, model, card, heldOut, skipped, CutTable.ForReport(card), parts);

    /// <summary>The same with tables of its own.</summary>
    public static void Write(
        string? path, string title, string model, ModelCard card, EvaluatedImages? heldOut, IReadOnlyList<SkippedImage> skipped, IReadOnlyList<ReportTable> tables,
        IEnumerable<(string Name, EvaluatedImages? Images)> parts)
    {
        if (path is null)
            return;
        HtmlReport.Write(path, new ReportContent
        {
            Title = title,
            Evaluations = [.. parts.Where(part => part.Images is not null).Select(part => Evaluation(part.Name, part.Images!))],
            Explanations = heldOut is null ? [] : ExplanationGallery.Of(model, heldOut),
            Tables = tables,
            Facts =
            [
                new("Classes", string.Join(", ", card.Classes)),
                .. card.Positive is { } positive ? new ReportFact[] { new("Positive class", positive), new("Threshold", FormattableString.Invariant($"{card.Threshold:0.###}")) } : [],
                new("Backbone", card.Backbone),
                new("Backbone SHA-256", card.BackboneSha256),
                new("Cut", card.Cut),
                .. card.Adaptation is { } adapted ? new ReportFact[] { new("Adaptation", $"{adapted.Settings}; {adapted.Chosen}") } : [],
                new("Training images", FormattableString.Invariant($"{card.Images}")),
                new("Seed", FormattableString.Invariant($"{card.Seed}")),
            ],
            Skipped = skipped,
        });
    }

    private static ReportEvaluation Evaluation(string name, EvaluatedImages images)
    {
        // The order of labels is that of the evaluated classes, which a test set of its own may not have.
        var labels = images.Result.Classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int[] actual = [.. images.Images.Images.Select(image => labels[image.Label])];
        return ReportEvaluation.Create(name, images.Result, [.. images.Images.Images.Select(image => image.Path)], actual, images.Probabilities);
    }
}
