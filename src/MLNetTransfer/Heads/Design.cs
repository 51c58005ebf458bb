namespace MLNetTransfer.Heads;

/// <summary>
/// The features a head is fitted to, standardised on chosen rows without a standardised copy: mean and scale are folded into the weights. A
/// matrix with far more columns than rows is replaced by its <see cref="Rotation"/>, which has the same solutions.
/// </summary>
internal sealed class Design
{
    private readonly double[] _means;
    private readonly double[] _scales;

    private Design(FeatureView features, double[] means, double[] scales) => (Features, _means, _scales) = (features, means, scales);

    /// <summary>The features as they are in memory, not standardised.</summary>
    public FeatureView Features { get; }

    public int Columns => Features.Columns;

    /// <summary>Standardises on the rows, in the cheapest form with the same solutions.</summary>
    public static Design Of(FeatureView features, ReadOnlySpan<int> measuredOn)
    {
        var folded = Folded(features, measuredOn);
        return Rotation.Pays(features) ? new Design(new FeatureView(Rotation.Rotate(folded)), [], []) : folded;
    }

    /// <summary>Standardises on the rows: mean 0 and deviation 1 there, as ML.NET's mean-variance normaliser; a feature constant there becomes 0.</summary>
    public static Design Folded(FeatureView features, ReadOnlySpan<int> measuredOn)
    {
        double[] means = new double[features.Columns], squares = new double[features.Columns], scales = new double[features.Columns];
        foreach (var row in measuredOn)
        {
            var column = 0;
            foreach (var (start, length) in features.Ranges)
                foreach (var value in features.Matrix.Row(row).Slice(start, length))
                    means[column++] += value;
        }
        for (var j = 0; j < means.Length; j++)
            means[j] /= measuredOn.Length;
        foreach (var row in measuredOn)
        {
            var column = 0;
            foreach (var (start, length) in features.Ranges)
                foreach (var value in features.Matrix.Row(row).Slice(start, length))
                {
                    var distance = value - means[column];
                    squares[column++] += distance * distance;
                }
        }
        for (var j = 0; j < means.Length; j++)
        {
            var deviation = Math.Sqrt(squares[j] / measuredOn.Length);
            scales[j] = IsConstant(means[j], deviation) ? 0 : 1 / deviation;
        }
        return new Design(features, means, scales);
    }

    /// <summary>Mean and deviation of a feature, the deviation 0 when it is constant.</summary>
    public (double Mean, double Deviation) this[int column] => (_means[column], _scales[column] == 0 ? 0 : 1 / _scales[column]);

    /// <summary>One row, standardised.</summary>
    public void Standardise(int row, Span<double> target)
    {
        var column = 0;
        foreach (var (start, length) in Features.Ranges)
            foreach (var value in Features.Matrix.Row(row).Slice(start, length))
            {
                target[column] = _means.Length == 0 ? value : (value - _means[column]) * _scales[column];
                column++;
            }
    }

    /// <summary>Weights and bias for features as they are: w (x - mean) scale + b = (w scale) x + (b - sum of w scale mean).</summary>
    /// <returns>The bias.</returns>
    public double Fold(ReadOnlySpan<double> weights, double bias, Span<double> folded)
    {
        if (_means.Length == 0)
        {
            weights.CopyTo(folded);
            return bias;
        }
        for (var j = 0; j < weights.Length; j++)
        {
            folded[j] = weights[j] * _scales[j];
            bias -= folded[j] * _means[j];
        }
        return bias;
    }

    /// <summary>The gradient by the weights, from the gradient by the folded weights and that by the bias, in place.</summary>
    public void Unfold(Span<double> gradient, double biasGradient)
    {
        if (_means.Length == 0)
            return;
        for (var j = 0; j < gradient.Length; j++)
            gradient[j] = (gradient[j] - biasGradient * _means[j]) * _scales[j];
    }

    /// <summary>A deviation that is nothing but the rounding of 32-bit features around their mean.</summary>
    private static bool IsConstant(double mean, double deviation) => deviation <= 1e-7 * Math.Abs(mean) || deviation == 0;
}
