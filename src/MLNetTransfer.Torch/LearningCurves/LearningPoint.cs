using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>What one way to learn reaches with so many images.</summary>
/// <param name="Mode">The way.</param>
/// <param name="ImagesOfClass">The labelled images of each class; of the most frequent one where all images are taken.</param>
/// <param name="Accuracies">The accuracy on the held-out images for every draw, 0 to 1.</param>
public sealed record LearningPoint(LearningMode Mode, int ImagesOfClass, IReadOnlyList<double> Accuracies)
{
    /// <summary>Quantiles .975 of Student's t distribution for 1 to 10 degrees of freedom.</summary>
    private static readonly double[] Quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

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
            var half = (Accuracies.Count - 1 <= Quantiles.Length ? Quantiles[Accuracies.Count - 2] : 2) * deviation / Math.Sqrt(Accuracies.Count);
            return new Interval(Math.Max(0, Accuracy - half), Math.Min(1, Accuracy + half));
        }
    }
}
