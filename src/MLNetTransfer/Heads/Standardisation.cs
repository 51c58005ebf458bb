using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// Mean 0 and deviation 1 for every feature, measured on chosen rows: what ML.NET's mean-variance normaliser does. A feature that
/// is constant on those rows becomes 0 everywhere.
/// </summary>
internal static class Standardisation
{
    public static FeatureMatrix Apply(FeatureMatrix features, ReadOnlySpan<int> measuredOn)
    {
        var columns = features.Columns;
        double[] sum = new double[columns], squares = new double[columns];
        foreach (var row in measuredOn)
        {
            var values = features.Row(row);
            for (var j = 0; j < columns; j++)
                sum[j] += values[j];
        }
        for (var j = 0; j < columns; j++)
            sum[j] /= measuredOn.Length;
        foreach (var row in measuredOn)
        {
            var values = features.Row(row);
            for (var j = 0; j < columns; j++)
                squares[j] += (values[j] - sum[j]) * (values[j] - sum[j]);
        }
        float[] mean = new float[columns], scale = new float[columns];
        for (var j = 0; j < columns; j++)
        {
            var deviation = Math.Sqrt(squares[j] / measuredOn.Length);
            mean[j] = (float)sum[j];
            scale[j] = IsConstant(sum[j], deviation) ? 0 : (float)(1 / deviation);
        }

        var result = new float[features.Rows * columns];
        for (var i = 0; i < features.Rows; i++)
        {
            var target = result.AsSpan(i * columns, columns);
            TensorPrimitives.Subtract(features.Row(i), mean, target);
            TensorPrimitives.Multiply(target, scale, target);
        }
        return new FeatureMatrix(features.Rows, columns, result);
    }

    /// <summary>A deviation that is nothing but the rounding of 32-bit features around their mean.</summary>
    public static bool IsConstant(double mean, double deviation) => deviation <= 1e-7 * Math.Abs(mean) || deviation == 0;
}
