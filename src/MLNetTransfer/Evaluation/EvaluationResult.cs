namespace MLNetTransfer.Evaluation;

/// <summary>
/// How good the predictions for one set of images are. Immutable; made by <see cref="Evaluator.Evaluate"/>. With two classes precision,
/// recall, F1 and AUC are those of the positive class. With more they are unweighted (macro) means over the classes.
/// </summary>
public sealed class EvaluationResult
{
    // Keeps the loss of a confident mistake finite: at most 34.5.
    private const double SmallestProbability = 1e-15;

    internal EvaluationResult(string[] classes, string? positive, IReadOnlyList<int> actual, FeatureMatrix probabilities, int[] predicted, double? threshold)
    {
        int? positiveLabel = positive is null ? null : Array.IndexOf(classes, positive);
        var confidence = new float[actual.Count];
        var isCorrect = new bool[actual.Count];
        for (var i = 0; i < predicted.Length; i++)
        {
            confidence[i] = probabilities.Row(i)[predicted[i]];
            isCorrect[i] = predicted[i] == actual[i];
        }

        Classes = Array.AsReadOnly(classes);
        Positive = positive;
        Threshold = threshold;
        Predicted = Array.AsReadOnly(predicted);
        Images = actual.Count;
        Confusion = new ConfusionMatrix(Classes, actual, predicted);
        Accuracy = (double)Confusion.Correct / Images;
        AccuracyInterval = Interval.Wilson(Confusion.Correct, Images);

        // A class that neither occurs nor is predicted says nothing about the model.
        var labels = positiveLabel is { } only ? [only]
            : Enumerable.Range(0, classes.Length).Where(label => Confusion.ActualCount(label) + Confusion.PredictedCount(label) > 0).ToArray();
        Precision = labels.Average(Confusion.Precision);
        Recall = labels.Average(Confusion.Recall);
        F1 = labels.Average(Confusion.F1);

        RocCurve = [];
        List<double> areas = [];
        foreach (var label in labels)
        {
            var (scores, isLabel) = OneAgainstRest(label, actual, probabilities);
            if (Roc.Auc(scores, isLabel) is { } area)
                areas.Add(area);
            if (positiveLabel is not null)
                RocCurve = Roc.Curve(scores, isLabel);
        }
        Auc = areas.Count == 0 ? null : areas.Average();

        LogLoss = MeanLogLoss(actual, probabilities);
        Brier = MeanSquaredError(actual, probabilities, positiveLabel);
        ReliabilityBins = Calibration.Bins(confidence, isCorrect);
        Ece = Calibration.ExpectedError(ReliabilityBins);
    }

    /// <summary>The class names, in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The positive one of two classes; null when there are more.</summary>
    public string? Positive { get; }

    /// <summary>The positive probability from which an image was called positive, 0 to 1; null when there are more than two classes and
    /// the most probable was predicted, or when no single threshold was used.</summary>
    public double? Threshold { get; }

    /// <summary>The predicted label of each image: an index into <see cref="Classes"/>.</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>The number of images evaluated, 1 or more.</summary>
    public int Images { get; }

    /// <summary>The share of the images predicted right, 0 to 1.</summary>
    public double Accuracy { get; }

    /// <summary>The 95 % interval of the accuracy (<see cref="Interval.Wilson"/>).</summary>
    public Interval AccuracyInterval { get; }

    /// <summary>
    /// The area under the receiver operating characteristic, 0 to 1: how often a positive image is given a higher probability than a
    /// negative one, ties counted half. More than two classes: the mean of each class against the rest, over the classes that occur among
    /// the images. Null, because undefined, when only one class occurs.
    /// </summary>
    public double? Auc { get; }

    /// <summary>The harmonic mean of precision and recall, 0 to 1 (macro: the mean over the classes); 0 where it would be 0 / 0.</summary>
    public double F1 { get; }

    /// <summary>Of the images called positive, the share that is, 0 to 1; 0 when none was called positive. More than two classes: the mean over the
    /// classes that occur or are predicted.</summary>
    public double Precision { get; }

    /// <summary>Of the positive images, the share called positive, 0 to 1; 0 when there are none. More than two classes: the mean over the classes
    /// that occur or are predicted.</summary>
    public double Recall { get; }

    /// <summary>The mean of -ln(probability of the actual class), 0 or more, each probability taken as at least 1e-15.</summary>
    public double LogLoss { get; }

    /// <summary>
    /// The mean squared error of the probabilities. Two classes: of the positive probability, 0 to 1. More: summed over the classes, 0 to 2
    /// (so that two classes would give twice the binary value; G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950).
    /// </summary>
    public double Brier { get; }

    /// <summary>
    /// The expected calibration error, 0 to 1: the mean distance between confidence and accuracy over <see cref="ReliabilityBins"/>,
    /// weighted by their images (Guo et al., "On calibration of modern neural networks", 2017).
    /// </summary>
    public double Ece { get; }

    /// <summary>
    /// The bins of a reliability diagram that hold images, ascending: 15 of equal width over 0..1 by the confidence, which is the probability of
    /// the predicted class. With two classes that is the positive probability of an image called positive and the negative one of the
    /// others: 0.5 or more at the threshold 0.5, but possibly less at another.
    /// </summary>
    public IReadOnlyList<ReliabilityBin> ReliabilityBins { get; }

    /// <summary>How many images of each class were given each class.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>
    /// Two classes: the receiver operating characteristic from (0, 0) to (1, 1), without the points in the middle of equal steps.
    /// Empty when there are more classes or only one of the two occurs.
    /// </summary>
    public IReadOnlyList<RocPoint> RocCurve { get; }

    private static (float[] Scores, bool[] IsLabel) OneAgainstRest(int label, IReadOnlyList<int> actual, FeatureMatrix probabilities)
    {
        var scores = new float[actual.Count];
        var isLabel = new bool[actual.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = probabilities.Row(i)[label];
            isLabel[i] = actual[i] == label;
        }
        return (scores, isLabel);
    }

    private static double MeanLogLoss(IReadOnlyList<int> actual, FeatureMatrix probabilities)
    {
        double sum = 0;
        for (var i = 0; i < actual.Count; i++)
            sum -= Math.Log(Math.Clamp(probabilities.Row(i)[actual[i]], SmallestProbability, 1));
        return sum / actual.Count;
    }

    private static double MeanSquaredError(IReadOnlyList<int> actual, FeatureMatrix probabilities, int? positive)
    {
        double sum = 0;
        for (var i = 0; i < actual.Count; i++)
            for (var label = 0; label < probabilities.Columns; label++)
                if (positive is null || positive == label)
                {
                    var error = probabilities.Row(i)[label] - (actual[i] == label ? 1.0 : 0.0);
                    sum += error * error;
                }
        return sum / actual.Count;
    }
}
