using System.Globalization;

namespace MLNetTransfer.Evaluation;

/// <summary>Turns actual labels and predicted probabilities into an <see cref="EvaluationResult"/>.</summary>
public static class Evaluator
{
    // What a row of 32-bit probabilities may miss 1 by before it is no distribution.
    private const double SumTolerance = 1e-3;

    /// <summary>Evaluates the predictions of one set of images.</summary>
    /// <param name="classes">The distinct class names in label order, 2 or more.</param>
    /// <param name="positive">The positive one of two classes; null when there are more.</param>
    /// <param name="actual">The actual label of each image: an index into <paramref name="classes"/>.</param>
    /// <param name="probabilities">Images x classes: the predicted probability of each class, each row summing to 1 within 0.001.</param>
    /// <param name="threshold">Two classes: the positive probability from which an image is called positive, 0 to 1. More: ignored.</param>
    /// <exception cref="TransferException">There are no images, the positive class does not fit the classes, or a row of probabilities is
    /// not a distribution.</exception>
    /// <exception cref="ArgumentException">The arguments do not fit each other, or a label or the threshold is out of range.</exception>
    public static EvaluationResult Evaluate(IReadOnlyList<string> classes, string? positive, IReadOnlyList<int> actual,
        FeatureMatrix probabilities, double threshold = .5)
    {
        if (!(threshold >= 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a probability from 0 to 1. Give the model's own, or leave it out for 0.5.");
        Check(classes, positive, actual, probabilities);
        string[] names = [.. classes];
        int? positiveLabel = positive is null ? null : Array.IndexOf(names, positive);
        var predicted = new int[actual.Count];
        for (var i = 0; i < predicted.Length; i++)
            predicted[i] = Decide(probabilities.Row(i), positiveLabel, threshold);
        return new EvaluationResult(names, positive, actual, probabilities, predicted, positive is null ? null : threshold);
    }

    /// <summary>Evaluates predictions whose labels were decided elsewhere, as in cross-validation, where every fold has a threshold of its own.</summary>
    /// <param name="classes">The distinct class names in label order, 2 or more.</param>
    /// <param name="positive">The positive one of two classes; null when there are more.</param>
    /// <param name="actual">The actual label of each image: an index into <paramref name="classes"/>.</param>
    /// <param name="probabilities">Images x classes: the predicted probability of each class, each row summing to 1 within 0.001.</param>
    /// <param name="predicted">The predicted label of each image.</param>
    /// <exception cref="TransferException">As for <see cref="Evaluate"/>.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Evaluate"/>.</exception>
    public static EvaluationResult EvaluateDecided(IReadOnlyList<string> classes, string? positive, IReadOnlyList<int> actual,
        FeatureMatrix probabilities, IReadOnlyList<int> predicted)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        Check(classes, positive, actual, probabilities);
        if (predicted.Count != actual.Count || predicted.Any(label => label < 0 || label >= classes.Count))
            throw new ArgumentException($"Expected a label from 0 to {classes.Count - 1} for each of {actual.Count} images; received {predicted.Count} labels.", nameof(predicted));
        return new EvaluationResult([.. classes], positive, actual, probabilities, [.. predicted], threshold: null);
    }

    /// <summary>
    /// The label that probabilities stand for. With a positive class: positive when its probability reaches the threshold, else the other.
    /// Without: the most probable, the first of equals.
    /// </summary>
    /// <param name="probabilities">The probability of each class, in label order.</param>
    /// <param name="positive">The label of the positive one of two classes, or null.</param>
    /// <param name="threshold">The positive probability from which the positive class is predicted; ignored without one.</param>
    public static int Decide(ReadOnlySpan<float> probabilities, int? positive, double threshold)
    {
        if (positive is { } label)
            return probabilities[label] >= threshold ? label : 1 - label;
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
            if (probabilities[i] > probabilities[best])
                best = i;
        return best;
    }

    private static void Check(IReadOnlyList<string> classes, string? positive, IReadOnlyList<int> actual, FeatureMatrix probabilities)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(probabilities);
        CheckClasses(classes, positive);
        CheckShape(classes, actual, probabilities);
        for (var row = 0; row < probabilities.Rows; row++)
            CheckDistribution(probabilities.Row(row), row);
    }

    private static void CheckClasses(IReadOnlyList<string> classes, string? positive)
    {
        var names = string.Join(", ", classes.Select(name => $"'{name}'"));
        if (classes.Count < 2 || classes.Distinct(StringComparer.Ordinal).Count() < classes.Count)
            throw new ArgumentException(
                $"Expected 2 or more distinct classes; received {classes.Count} ({names}). Give every class one name.", nameof(classes));
        if (classes.Count > 2 && positive is not null)
            throw new TransferException(
                $"Only one of two classes can be the positive one; received '{positive}' of {classes.Count} ({names}). Leave the positive class out.");
        if (classes.Count == 2 && !classes.Contains(positive, StringComparer.Ordinal))
            throw new TransferException(
                $"Two classes need a positive one; received {(positive is null ? "none" : $"'{positive}'")}. Name one of {names}.");
    }

    private static void CheckShape(IReadOnlyList<string> classes, IReadOnlyList<int> actual, FeatureMatrix probabilities)
    {
        if (probabilities.Columns != classes.Count)
            throw new ArgumentException(
                $"Expected a probability for each of {classes.Count} classes; received {probabilities.Columns} columns. Give images x classes.",
                nameof(probabilities));
        if (probabilities.Rows != actual.Count)
            throw new ArgumentException(
                $"Expected as many rows of probabilities as labels; received {probabilities.Rows} rows and {actual.Count} labels. "
                + "Leave skipped images out of both.", nameof(probabilities));
        if (actual.Count == 0)
            throw new TransferException(
                "An evaluation needs 1 or more images; received none. Check that the folder holds readable images of the model's classes.");
        for (var i = 0; i < actual.Count; i++)
            if (actual[i] < 0 || actual[i] >= classes.Count)
                throw new ArgumentException(
                    $"A label is an index from 0 to {classes.Count - 1}; received {actual[i]} for image {i}. Map class names to their place.",
                    nameof(actual));
    }

    private static void CheckDistribution(ReadOnlySpan<float> row, int image)
    {
        double sum = 0;
        foreach (var probability in row)
        {
            if (!(probability >= 0 && probability <= 1 + SumTolerance))
                throw new TransferException(string.Create(CultureInfo.InvariantCulture,
                    $"A probability is a number from 0 to 1; received {probability} for image {image}. "
                    + $"The model's output is broken: train it again, or check the images it was given."));
            sum += probability;
        }
        if (Math.Abs(sum - 1) > SumTolerance)
            throw new TransferException(string.Create(CultureInfo.InvariantCulture,
                $"The probabilities of one image sum to 1; received a sum of {sum:0.######} for image {image}. "
                + $"Give probabilities (after the softmax), not scores."));
    }
}
