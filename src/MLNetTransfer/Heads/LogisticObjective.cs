using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// sum(weight x log-loss) + L2 / 2 x |w|^2 and its gradient, biases not regularised: the objective of ML.NET's
/// LbfgsLogisticRegression (two classes) and LbfgsMaximumEntropy (more).
/// </summary>
internal sealed class LogisticObjective
{
    private readonly FeatureMatrix _features;
    private readonly int[] _labels;
    private readonly int[] _rows;
    private readonly double[] _classWeights;
    private readonly float _l2;
    private readonly int _outputs;
    private readonly float[] _weights;
    private readonly float[] _gradient;
    private readonly double[] _scores;
    private readonly double[] _probabilities;

    public LogisticObjective(FeatureMatrix features, int[] labels, int[] rows, double[] classWeights, float l2)
    {
        (_features, _labels, _rows, _classWeights, _l2) = (features, labels, rows, classWeights, l2);
        _outputs = LinearModel.OutputsFor(classWeights.Length);
        _weights = new float[_outputs * features.Columns];
        _gradient = new float[_outputs * features.Columns];
        _scores = new double[_outputs];
        _probabilities = new double[classWeights.Length];
    }

    public int Parameters => _outputs * (_features.Columns + 1);

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var columns = _features.Columns;
        var weights = parameters[.._weights.Length];
        for (var j = 0; j < weights.Length; j++)
            _weights[j] = (float)weights[j];
        Array.Clear(_gradient);
        var biasGradient = gradient[weights.Length..];
        biasGradient.Clear();
        var loss = 0d;
        foreach (var row in _rows)
        {
            var image = _features.Row(row);
            var label = _labels[row];
            for (var k = 0; k < _outputs; k++)
                _scores[k] = TensorPrimitives.Dot(image, _weights.AsSpan(k * columns, columns)) + parameters[weights.Length + k];
            loss += _classWeights[label] * LinearModel.Loss(_scores, label);
            LinearModel.Probabilities(_scores, _probabilities);
            for (var k = 0; k < _outputs; k++)
            {
                var target = _outputs == 1 ? 1 : k;
                var residual = _classWeights[label] * (_probabilities[target] - (label == target ? 1 : 0));
                biasGradient[k] += residual;
                var sum = _gradient.AsSpan(k * columns, columns);
                TensorPrimitives.MultiplyAdd(image, (float)residual, sum, sum);
            }
        }
        for (var j = 0; j < weights.Length; j++)
            gradient[j] = _gradient[j] + _l2 * weights[j];
        return loss + _l2 / 2 * TensorPrimitives.SumOfSquares(weights);
    }
}
