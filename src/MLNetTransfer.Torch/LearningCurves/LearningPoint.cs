using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>What one way to learn reaches with so many images.</summary>
/// <param name="Mode">The way.</param>
/// <param name="ImagesOfClass">The labelled images of each class; of the most frequent one where all images are taken.</param>
/// <param name="Accuracies">The accuracy on the held-out images for every draw, 0 to 1.</param>
public sealed record LearningPoint(LearningMode Mode, int ImagesOfClass, IReadOnlyList<double> Accuracies)
{
    /// <summary>Quantiles .975 of Student's t distribution for 1 to 10 degrees of freedom.</summary>
    private static readonly double[] Quantiles = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];

    /// <summary>The mean over the draws.</summary>
    public double Accuracy => Accuracies.Average();

    /// <summary>
    /// The 95 % interval of the mean over draws of images to learn from (Student's t, cut at 0 and 1). It says nothing of the choice of held-out images, which is the same for all.
    /// </summary>
    public Interval Interval
    {
        get
        {
            if (Accuracies.Count < 2)
                return new Interval(Accuracy, Accuracy);
            var deviation = Math.Sqrt(Accuracies.Sum(accuracy => Math.Pow(accuracy - Accuracy, 2)) / (Accuracies.Count - 1));
            var half = Quantile(Accuracies.Count - 1) * deviation / Math.Sqrt(Accuracies.Count);
            return new Interval(Math.Max(0, Accuracy - half), Math.Min(1, Accuracy + half));
        }
    }

    /// <summary>The quantile; for many degrees of freedom by the expansion around the normal distribution (Abramowitz and Stegun, 26.7.5), right to .0002.</summary>
    private static double Quantile(int freedom) => freedom <= Quantiles.Length
        ? Quantiles[freedom - 1]
        : 1.95996 + (2.37227 + (2.82250 + 2.55585 / freedom) / freedom) / freedom;
}
