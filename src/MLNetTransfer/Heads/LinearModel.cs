using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// The weights of a linear model over standardised features: one output (the score of class 1) for two classes, one output a class
/// for more. All biases follow all weights.
/// </summary>
internal sealed class LinearModel(int outputs, int features, double[] parameters)
{
    public int Outputs => outputs;

    public double[] Parameters => parameters;

    public static int OutputsFor(int classes) => classes == 2 ? 1 : classes;

    /// <summary>The scores of one image, before the sigmoid or the softmax.</summary>
    public void Scores(ReadOnlySpan<float> image, Span<double> scores)
    {
        for (var k = 0; k < outputs; k++)
        {
            var sum = parameters[outputs * features + k];
            var weights = parameters.AsSpan(k * features, features);
            for (var j = 0; j < features; j++)
                sum += weights[j] * image[j];
            scores[k] = sum;
        }
    }

    /// <summary>The log-loss of scores for the true class; exact for scores of any size.</summary>
    public static double Loss(ReadOnlySpan<double> scores, int label) => scores.Length == 1
        ? Softplus(label == 1 ? -scores[0] : scores[0])
        : LogSumExp(scores) - scores[label];

    /// <summary>The probabilities of every class, computed from the scores.</summary>
    public static void Probabilities(ReadOnlySpan<double> scores, Span<double> probabilities)
    {
        if (scores.Length == 1)
        {
            probabilities[1] = Sigmoid(scores[0]);
            probabilities[0] = Sigmoid(-scores[0]);
            return;
        }
        scores.CopyTo(probabilities);
        SoftMax(probabilities);
    }

    /// <summary>Turns scores into probabilities in place.</summary>
    public static void SoftMax(Span<double> scores)
    {
        var logSum = LogSumExp(scores);
        for (var k = 0; k < scores.Length; k++)
            scores[k] = Math.Exp(scores[k] - logSum);
    }

    public static double Sigmoid(double score) => score >= 0 ? 1 / (1 + Math.Exp(-score)) : Math.Exp(score) / (1 + Math.Exp(score));

    public static double Softplus(double score) => Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score)));

    private static double LogSumExp(ReadOnlySpan<double> scores)
    {
        var max = TensorPrimitives.Max(scores);
        var sum = 0d;
        foreach (var score in scores)
            sum += Math.Exp(score - max);
        return max + Math.Log(sum);
    }
}
