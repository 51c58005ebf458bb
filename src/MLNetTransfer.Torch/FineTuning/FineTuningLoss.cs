namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// The weighted cross-entropy of scores, of one output (the second of two classes, sigmoid) or one output a class (softmax), and its gradient.
/// </summary>
internal static class FineTuningLoss
{
    /// <summary>The loss of one image.</summary>
    /// <param name="scores">Its scores.</param>
    /// <param name="target">The probability it should have of each class; two for one output.</param>
    /// <param name="weight">How much it counts.</param>
    /// <param name="gradient">Receives the gradient by the scores.</param>
    public static double Evaluate(ReadOnlySpan<float> scores, ReadOnlySpan<double> target, double weight, Span<double> gradient)
    {
        if (scores.Length == 1)
        {
            double score = scores[0], share = target[1];
            gradient[0] = weight * (Sigmoid(score) - share);
            return weight * (Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))) - share * score);
        }
        double max = double.NegativeInfinity, sum = 0, loss = 0;
        foreach (var score in scores)
            max = Math.Max(max, score);
        foreach (var score in scores)
            sum += Math.Exp(score - max);
        var logSum = max + Math.Log(sum);
        for (var k = 0; k < scores.Length; k++)
        {
            loss += target[k] * (logSum - scores[k]);
            gradient[k] = weight * (Math.Exp(scores[k] - logSum) - target[k]);
        }
        return weight * loss;
    }

    /// <summary>Adds a share of a label to a target, itself spread a little over all classes.</summary>
    public static void AddTarget(Span<double> target, int label, double share, double smoothing)
    {
        for (var k = 0; k < target.Length; k++)
            target[k] += share * (smoothing / target.Length + (k == label ? 1 - smoothing : 0));
    }

    private static double Sigmoid(double score) => score >= 0 ? 1 / (1 + Math.Exp(-score)) : Math.Exp(score) / (1 + Math.Exp(score));
}
