namespace MLNetTransfer.Evaluation;

/// <summary>How many images of each actual class were given each predicted class. Immutable.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    internal ConfusionMatrix(IReadOnlyList<string> classes, IReadOnlyList<int> actual, ReadOnlySpan<int> predicted)
    {
        Classes = classes;
        _counts = new int[classes.Count * classes.Count];
        for (var i = 0; i < predicted.Length; i++)
            _counts[actual[i] * classes.Count + predicted[i]]++;
        Images = predicted.Length;
    }

    /// <summary>The class names, in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of images counted.</summary>
    public int Images { get; }

    /// <summary>The number of images on the diagonal: those predicted right.</summary>
    public int Correct => Enumerable.Range(0, Classes.Count).Sum(label => this[label, label]);

    /// <summary>The number of images of one class that were given another, or the same, class.</summary>
    /// <param name="actual">The label of the actual class, from 0.</param>
    /// <param name="predicted">The label of the predicted class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is not one of the classes.</exception>
    public int this[int actual, int predicted] => _counts[Checked(actual) * Classes.Count + Checked(predicted)];

    /// <summary>The number of images of one class.</summary>
    /// <param name="label">The label of the class, from 0.</param>
    public int ActualCount(int label) => Enumerable.Range(0, Classes.Count).Sum(predicted => this[label, predicted]);

    /// <summary>The number of images that were given one class.</summary>
    /// <param name="label">The label of the class, from 0.</param>
    public int PredictedCount(int label) => Enumerable.Range(0, Classes.Count).Sum(actual => this[actual, label]);

    /// <summary>Of the images given this class, the share that is of it; 0 when none was given it.</summary>
    /// <param name="label">The label of the class, from 0.</param>
    public double Precision(int label) => Ratio(this[label, label], PredictedCount(label));

    /// <summary>Of the images of this class, the share that was given it; 0 when there are none.</summary>
    /// <param name="label">The label of the class, from 0.</param>
    public double Recall(int label) => Ratio(this[label, label], ActualCount(label));

    /// <summary>The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN); 0 when the class neither occurs nor is given.</summary>
    /// <param name="label">The label of the class, from 0.</param>
    public double F1(int label) => Ratio(2 * this[label, label], ActualCount(label) + PredictedCount(label));

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private int Checked(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, Classes.Count);
        return label;
    }
}
