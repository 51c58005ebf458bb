using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>One evaluation in a report, with the images that went most wrong.</summary>
/// <param name="name">What was evaluated, in lower case: "held-out test", "cross-validation".</param>
/// <param name="result">The figures.</param>
/// <param name="mostWrong">The wrong images to show, worst first.</param>
public sealed class ReportEvaluation(string name, EvaluationResult result, IReadOnlyList<ReportImage> mostWrong)
{
    /// <summary>What was evaluated, in lower case.</summary>
    public string Name { get; } = name;

    /// <summary>The figures.</summary>
    public EvaluationResult Result { get; } = result;

    /// <summary>The wrong images to show, worst first.</summary>
    public IReadOnlyList<ReportImage> MostWrong { get; } = [.. mostWrong];

    /// <summary>Makes the entry of an evaluation and finds its most wrong images: those with the highest probability on a wrong class.</summary>
    /// <param name="name">What was evaluated, in lower case.</param>
    /// <param name="result">The figures that were computed from the labels and probabilities below.</param>
    /// <param name="paths">The file of each image.</param>
    /// <param name="actual">The actual label of each image.</param>
    /// <param name="probabilities">Images x classes: the predicted probabilities.</param>
    /// <param name="most">How many wrong images to take at most, 0 or more.</param>
    /// <exception cref="ArgumentException">The lists are not of the evaluation's length.</exception>
    public static ReportEvaluation Create(string name, EvaluationResult result, IReadOnlyList<string> paths, IReadOnlyList<int> actual,
        FeatureMatrix probabilities, int most = 12)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (paths.Count != result.Images || actual.Count != result.Images || probabilities.Rows != result.Images)
            throw new ArgumentException(
                $"Expected the {result.Images} evaluated images; received {paths.Count} paths, {actual.Count} labels and {probabilities.Rows} rows. "
                + "Give the lists that were evaluated.");
        var wrong =
            from i in Enumerable.Range(0, paths.Count)
            let predicted = result.Predicted[i]
            where predicted != actual[i]
            select new ReportImage(paths[i], result.Classes[actual[i]], result.Classes[predicted], probabilities.Row(i)[predicted]);
        return new(name, result,
            [.. wrong.OrderByDescending(image => image.Probability).ThenBy(image => image.Path, StringComparer.Ordinal).Take(most)]);
    }
}
