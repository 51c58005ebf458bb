using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// A linear model over features as they are in memory: one output (the score of class 1) for two classes, one output a class for more. In
/// the vector of parameters it is folded from, all biases follow all weights.
/// </summary>
internal sealed class LinearModel(FeatureView features, int outputs)
{
    private readonly double[] _weights = new double[outputs * features.Columns];
    private readonly double[] _biases = new double[outputs];

    public int Outputs => outputs;

    public int Columns => features.Columns;

    /// <summary>One row of weights an output.</summary>
    public ReadOnlySpan<double> WeightsOf(int output) => _weights.AsSpan(output * features.Columns, features.Columns);

    /// <summary>One bias an output.</summary>
    public ReadOnlySpan<double> Biases => _biases;

    public static int OutputsFor(int classes) => classes == 2 ? 1 : classes;

    /// <summary>Takes over weights, one row an output, and biases that were learnt elsewhere.</summary>
    public void Take(ReadOnlySpan<double> weights, ReadOnlySpan<double> biases)
    {
        weights.CopyTo(_weights);
        biases.CopyTo(_biases);
    }

    /// <summary>Takes over the parameters of standardised features.</summary>
    public void Fold(Design design, ReadOnlySpan<double> parameters)
    {
        for (var k = 0; k < outputs; k++)
            _biases[k] = design.Fold(
                parameters.Slice(k * features.Columns, features.Columns), parameters[_weights.Length + k], _weights.AsSpan(k * features.Columns, features.Columns));
    }

    /// <summary>The parameters of standardised features that fold to this model.</summary>
    public double[] Unfold(Design design)
    {
        double[] parameters = [.. _weights, .. _biases];
        for (var i = 0; i < _weights.Length; i++)
        {
            var (mean, deviation) = design[i % features.Columns];
            parameters[_weights.Length + i / features.Columns] += mean * _weights[i];
            parameters[i] *= deviation;
        }
        return parameters;
    }

    /// <summary>The model of the first of two classes from that of the second.</summary>
    public LinearModel Negated()
    {
        var negated = new LinearModel(features, outputs);
        TensorPrimitives.Negate(_weights, negated._weights);
        TensorPrimitives.Negate(_biases, negated._biases);
        return negated;
    }

    /// <summary>The scores of one row, before the sigmoid or the softmax.</summary>
    public void Scores(int row, Span<double> scores)
    {
        for (var k = 0; k < outputs; k++)
        {
            var weights = _weights.AsSpan(k * features.Columns, features.Columns);
            scores[k] = _biases[k];
            foreach (var (start, length) in features.Ranges)
            {
                scores[k] += WideningKernels.Dot(features.Piece(row, start, length), weights[..length]);
                weights = weights[length..];
            }
        }
    }

    /// <summary>The scores of four rows, one row after the other; the same bits as one at a time.</summary>
    public void Scores(ReadOnlySpan<int> rows, Span<double> scores)
    {
        Span<double> sums = stackalloc double[4];
        for (var k = 0; k < outputs; k++)
        {
            var weights = _weights.AsSpan(k * features.Columns, features.Columns);
            sums.Fill(_biases[k]);
            foreach (var (start, length) in features.Ranges)
            {
                WideningKernels.Dot(
                    features.Piece(rows[0], start, length), features.Piece(rows[1], start, length),
                    features.Piece(rows[2], start, length), features.Piece(rows[3], start, length), weights[..length], sums);
                weights = weights[length..];
            }
            for (var i = 0; i < sums.Length; i++)
                scores[i * outputs + k] = sums[i];
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
