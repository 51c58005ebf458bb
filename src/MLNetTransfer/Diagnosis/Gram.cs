using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// Inner products of all images of both domains: z_i . z_j / D over the D features that vary, standardised on both domains together. Everything
/// that is tested depends on features through them alone, so that more features than images cost nothing.
/// </summary>
internal sealed class Gram
{
    private readonly double[] _products;

    private Gram(double[] products, int rows, double[] standardised, int columns)
    {
        (_products, Rows, Standardised, Columns) = (products, rows, standardised, columns);
    }

    /// <summary>The number of images: those of the source, then those of the target.</summary>
    public int Rows { get; }

    /// <summary>The number of features that vary.</summary>
    public int Columns { get; }

    /// <summary>Rows x Columns: the features that vary, with mean 0 and deviation 1 over both domains.</summary>
    public double[] Standardised { get; }

    public double this[int i, int j] => _products[(i * Rows) + j];

    /// <summary>The products of one image with all.</summary>
    public ReadOnlySpan<double> Row(int i) => _products.AsSpan(i * Rows, Rows);

    /// <summary>Computes the products.</summary>
    /// <exception cref="TransferException">No feature varies.</exception>
    public static Gram Of(FeatureMatrix source, FeatureMatrix target)
    {
        var rows = source.Rows + target.Rows;
        var (means, deviations) = Moments(source, target);
        int[] varying = [.. Enumerable.Range(0, means.Length).Where(j => deviations[j] > 0)];
        if (varying.Length == 0)
            throw new TransferException($"Features differ between images; all {rows} images of both domains have the same {means.Length}. Check the images and the preprocessing of the backbone.");
        var standardised = new double[rows * varying.Length];
        for (var i = 0; i < rows; i++)
        {
            var row = RowOf(source, target, i);
            for (var k = 0; k < varying.Length; k++)
                standardised[(i * varying.Length) + k] = (row[varying[k]] - means[varying[k]]) / deviations[varying[k]];
        }
        var products = new double[rows * rows];
        Parallel.For(0, rows, i =>
        {
            for (var j = 0; j <= i; j++)
                products[(i * rows) + j] = products[(j * rows) + i] = TensorPrimitives.Dot<double>(
                    standardised.AsSpan(i * varying.Length, varying.Length), standardised.AsSpan(j * varying.Length, varying.Length)) / varying.Length;
        });
        return new Gram(products, rows, standardised, varying.Length);
    }

    /// <summary>The mean squared difference of the standardised features of two images.</summary>
    public double SquaredDistance(int i, int j) => Math.Max(0, this[i, i] + this[j, j] - (2 * this[i, j]));

    /// <summary>The kernel of a linear classifier with an intercept on some of the images: the products, and 1.</summary>
    public double[] LinearKernel(IReadOnlyList<int> rows)
    {
        var kernel = new double[rows.Count * rows.Count];
        for (var i = 0; i < rows.Count; i++)
            for (var j = 0; j < rows.Count; j++)
                kernel[(i * rows.Count) + j] = 1 + this[rows[i], rows[j]];
        return kernel;
    }

    private static ReadOnlySpan<float> RowOf(FeatureMatrix source, FeatureMatrix target, int row) =>
        row < source.Rows ? source.Row(row) : target.Row(row - source.Rows);

    private static (double[] Means, double[] Deviations) Moments(FeatureMatrix source, FeatureMatrix target)
    {
        var rows = source.Rows + target.Rows;
        double[] means = new double[source.Columns], deviations = new double[source.Columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < means.Length; j++)
                means[j] += (double)RowOf(source, target, i)[j] / rows;
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < means.Length; j++)
                deviations[j] += Math.Pow(RowOf(source, target, i)[j] - means[j], 2) / rows;
        for (var j = 0; j < means.Length; j++)
            // What is left of a constant is the rounding of 32-bit features around their mean.
            deviations[j] = Math.Sqrt(deviations[j]) is var deviation && deviation > 1e-7 * Math.Abs(means[j]) ? deviation : 0;
        return (means, deviations);
    }
}
