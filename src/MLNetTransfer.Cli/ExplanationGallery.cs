using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Reporting;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli;

/// <summary>A few images of a report and what their predictions rest on.</summary>
internal static class ExplanationGallery
{
    private const int MostOfAKind = 4;

    /// <summary>Explains some right and some wrong predictions of a model; images that are gone by now are left out.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="evaluated">Images it was measured on, none of which it was trained on.</param>
    public static IReadOnlyList<ReportExplanation> Of(string model, EvaluatedImages evaluated)
    {
        using var explainer = ImageExplainer.Load(model);
        var explanations = new List<ReportExplanation>();
        foreach (var row in Chosen(evaluated))
            try
            {
                var image = evaluated.Images.Images[row];
                explanations.Add(new ReportExplanation(explainer.Explain(image.Path), image.Label));
            }
            catch (ImageException)
            {
            }
        return explanations;
    }

    /// <summary>The most certain ones: of those predicted right class by class in turns, so that every class is shown; then of those predicted wrong.</summary>
    private static IEnumerable<int> Chosen(EvaluatedImages evaluated)
    {
        var (images, result) = (evaluated.Images.Images, evaluated.Result);
        var rows = Enumerable.Range(0, images.Count).OrderByDescending(row => evaluated.Probabilities.Row(row)[result.Predicted[row]]).ToList();
        var isRight = rows.ToLookup(row => result.Classes[result.Predicted[row]] == images[row].Label);
        var right = isRight[true].GroupBy(row => images[row].Label).OrderBy(rowsOfClass => rowsOfClass.Key, StringComparer.Ordinal)
            .SelectMany(rowsOfClass => rowsOfClass.Select((row, turn) => (row, turn))).OrderBy(pair => pair.turn).Select(pair => pair.row);
        return [.. right.Take(MostOfAKind), .. isRight[false].Take(MostOfAKind)];
    }
}
