using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>What a selection reached on images it was not fitted to.</summary>
internal sealed class CrossValidated
{
    private readonly double[] _losses;

    private CrossValidated(double[] losses, int right, double logLoss) => (_losses, Right, LogLoss) = (losses, right, logLoss);

    /// <summary>Too few images to find anything out: as good as anything else.</summary>
    public static CrossValidated Nothing { get; } = new([], 0, 0);

    /// <summary>The number of images.</summary>
    public int Images => _losses.Length;

    /// <summary>How many of them were decided right.</summary>
    public int Right { get; }

    /// <summary>The mean log-loss, each image counting as in training.</summary>
    public double LogLoss { get; }

    public static CrossValidated Of(double[] scores, int[] labels, double[] classWeights, HeadSelection selection)
    {
        var outputs = scores.Length / labels.Length;
        var (probabilities, losses) = (new double[classWeights.Length], new double[labels.Length]);
        var (right, weight) = (0, 0d);
        for (var i = 0; i < labels.Length; i++)
        {
            var image = scores.AsSpan(i * outputs, outputs).ToArray();
            if (selection.Decide(image, probabilities) == labels[i])
                right++;
            losses[i] = classWeights[labels[i]] * LinearModel.Loss(image, labels[i]);
            weight += classWeights[labels[i]];
        }
        return new CrossValidated(losses, right, TensorPrimitives.Sum<double>(losses) / weight);
    }

    /// <summary>How much worse than another on the same images, in standard errors of the mean difference.</summary>
    public double ErrorsWorseThan(CrossValidated other)
    {
        var differences = new double[_losses.Length];
        TensorPrimitives.Subtract(_losses, other._losses, differences);
        var sum = TensorPrimitives.Sum<double>(differences);
        if (sum == 0)
            return 0;
        var mean = sum / differences.Length;
        TensorPrimitives.Subtract(differences, mean, differences);
        return sum / TensorPrimitives.Norm<double>(differences);
    }
}
