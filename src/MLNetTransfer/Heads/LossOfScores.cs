using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>The log-loss of all scores that a model gives, output after output, with its derivatives by the scores.</summary>
internal sealed class LossOfScores
{
    private readonly int _outputs;
    private readonly int[] _labels;
    private readonly double[] _rowWeights;
    private readonly double[] _signs;
    private readonly double[] _residuals;
    private readonly double[] _probabilities;
    private readonly double[] _curvature;
    private readonly double[] _losses;
    private readonly double[] _scratch;

    /// <param name="labels">The class of every row.</param>
    /// <param name="classWeights">What a row of each class counts.</param>
    public LossOfScores(int[] labels, double[] classWeights)
    {
        (_labels, _outputs) = (labels, LinearModel.OutputsFor(classWeights.Length));
        _rowWeights = [.. labels.Select(label => classWeights[label])];
        _signs = [.. labels.Select(label => label == 1 ? 1d : -1)];
        (_losses, _scratch) = (new double[Rows], new double[Rows]);
        (_residuals, _probabilities, _curvature) = (new double[Scores], new double[Scores], new double[Scores]);
    }

    public int Rows => _labels.Length;

    public int Outputs => _outputs;

    /// <summary>The number of scores.</summary>
    public int Scores => _outputs * Rows;

    /// <summary>The derivatives by the scores.</summary>
    public double[] Residuals => _residuals;

    /// <summary>The weighted sum of the losses. The derivatives stay those of earlier scores until <see cref="Differentiate"/>.</summary>
    public double Of(double[] scores)
    {
        var rows = Rows;
        if (_outputs == 1)
        {
            // The probability of the wrong class, and -log of that of the right one.
            TensorPrimitives.Multiply(scores, _signs, _scratch);
            TensorPrimitives.Abs(_scratch, _losses);
            TensorPrimitives.Negate(_losses, _losses);
            TensorPrimitives.Exp(_losses, _losses);
            TensorPrimitives.LogP1(_losses, _losses);
            TensorPrimitives.Negate(_scratch, _probabilities);
            TensorPrimitives.Sigmoid(_probabilities, _probabilities);
            TensorPrimitives.Min(_scratch, 0, _scratch);
            TensorPrimitives.Subtract(_losses, _scratch, _losses);
            return TensorPrimitives.Dot<double>(_losses, _rowWeights);
        }
        scores.AsSpan(0, rows).CopyTo(_scratch);
        for (var k = 1; k < _outputs; k++)
            TensorPrimitives.Max(_scratch, scores.AsSpan(k * rows, rows), _scratch);
        _losses.AsSpan().Clear();
        for (var k = 0; k < _outputs; k++)
        {
            var part = _probabilities.AsSpan(k * rows, rows);
            TensorPrimitives.Subtract(scores.AsSpan(k * rows, rows), _scratch, part);
            TensorPrimitives.Exp(part, part);
            TensorPrimitives.Add(_losses, part, _losses);
        }
        for (var k = 0; k < _outputs; k++)
            TensorPrimitives.Divide(_probabilities.AsSpan(k * rows, rows), _losses, _probabilities.AsSpan(k * rows, rows));
        TensorPrimitives.Log(_losses, _losses);
        TensorPrimitives.Add(_losses, _scratch, _losses);
        for (var i = 0; i < rows; i++)
            _losses[i] -= scores[_labels[i] * rows + i];
        return TensorPrimitives.Dot<double>(_losses, _rowWeights);
    }

    /// <summary>Takes the derivatives at the last scores whose loss was computed.</summary>
    public void Differentiate()
    {
        var rows = Rows;
        if (_outputs == 1)
        {
            TensorPrimitives.Multiply(_probabilities, _rowWeights, _scratch);
            TensorPrimitives.Multiply(_scratch, _signs, _residuals);
            TensorPrimitives.Negate(_residuals, _residuals);
            TensorPrimitives.Subtract(1, _probabilities, _curvature);
            TensorPrimitives.Multiply(_curvature, _scratch, _curvature);
            return;
        }
        for (var k = 0; k < _outputs; k++)
            TensorPrimitives.Multiply(_probabilities.AsSpan(k * rows, rows), _rowWeights, _curvature.AsSpan(k * rows, rows));
        _curvature.CopyTo(_residuals, 0);
        for (var i = 0; i < rows; i++)
            _residuals[_labels[i] * rows + i] -= _rowWeights[i];
    }

    /// <summary>The second derivative by the scores, times scores.</summary>
    public void Curve(ReadOnlySpan<double> scores, Span<double> result)
    {
        var rows = Rows;
        if (_outputs == 1)
        {
            TensorPrimitives.Multiply(scores, _curvature, result);
            return;
        }
        TensorPrimitives.Multiply(_probabilities.AsSpan(0, rows), scores[..rows], _scratch);
        for (var k = 1; k < _outputs; k++)
            TensorPrimitives.MultiplyAdd(_probabilities.AsSpan(k * rows, rows), scores.Slice(k * rows, rows), _scratch, _scratch);
        for (var k = 0; k < _outputs; k++)
        {
            var part = result.Slice(k * rows, rows);
            TensorPrimitives.Subtract(scores.Slice(k * rows, rows), _scratch, part);
            TensorPrimitives.Multiply(part, _curvature.AsSpan(k * rows, rows), part);
        }
    }
}
