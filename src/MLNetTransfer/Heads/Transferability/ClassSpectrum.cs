using System.Numerics.Tensors;

namespace MLNetTransfer.Heads.Transferability;

/// <summary>
/// All that a linear model of the classes can see of features: the eigenvalues of the inner products of the images, and how much of each
/// class lies along each eigenvector. Found from the smaller of images x images and features x features, which have the same eigenvalues but for zeros.
/// </summary>
internal sealed class ClassSpectrum
{
    /// <summary>The part of the largest eigenvalue below which one is rounding of 32-bit features.</summary>
    private const double Negligible = 1e-12;

    private readonly double[][] _shares;

    /// <param name="features">The features, checked.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="isCentred">Whether the mean of each feature is subtracted first.</param>
    public ClassSpectrum(FeatureMatrix features, IReadOnlyList<int> labels, bool isCentred)
    {
        (Images, Features) = (features.Rows, features.Columns);
        int[] classes = [.. labels.Distinct().Order()];
        Counts = [.. classes.Select(name => labels.Count(label => label == name))];
        var columns = Columns(features, isCentred);
        SumOfFourthPowers = FourthPowers(columns);

        // One vector a class: which images are of it, or their sum.
        var isWide = Features >= Images;
        var order = Math.Min(Images, Features);
        var vectors = new double[classes.Length * order];
        for (var image = 0; image < Images; image++)
        {
            var vector = vectors.AsSpan(Array.IndexOf(classes, labels[image]) * order, order);
            if (isWide)
                vector[image] = 1;
            else
                for (var j = 0; j < order; j++)
                    vector[j] += columns[j][image];
        }
        var eigenvalues = SymmetricSpectrum.Decompose(isWide ? InnerProducts(Transposed(columns)) : InnerProducts(columns), order, vectors);

        var negligible = Negligible * TensorPrimitives.Max<double>(eigenvalues);
        int[] kept = [.. Enumerable.Range(0, order).Where(i => eigenvalues[i] > negligible)];
        Eigenvalues = [.. kept.Select(i => eigenvalues[i])];
        // An eigenvector v of features x features is X' u / sqrt(eigenvalue) of the images' u.
        _shares = [.. classes.Select((_, k) => kept.Select(i => vectors[k * order + i] * vectors[k * order + i] / (isWide ? 1 : eigenvalues[i])).ToArray())];
    }

    public int Images { get; }

    public int Features { get; }

    /// <summary>The images of each class that has any.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The eigenvalues that are not zero.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>The sum over images of the fourth power of their length.</summary>
    public double SumOfFourthPowers { get; }

    /// <summary>The squared part of the indicator of a class (1 for its images, 0 for others) along each eigenvector; they sum to the images of the class at most.</summary>
    public ReadOnlySpan<double> SharesOf(int index) => _shares[index];

    /// <summary>Feature after feature, so that inner products run along memory.</summary>
    private static double[][] Columns(FeatureMatrix features, bool isCentred)
    {
        var columns = new double[features.Columns][];
        for (var j = 0; j < columns.Length; j++)
            columns[j] = new double[features.Rows];
        for (var image = 0; image < features.Rows; image++)
        {
            var row = features.Row(image);
            for (var j = 0; j < row.Length; j++)
                columns[j][image] = row[j];
        }
        if (isCentred)
            foreach (var column in columns)
                TensorPrimitives.Subtract(column, TensorPrimitives.Sum<double>(column) / column.Length, column);
        return columns;
    }

    private static double[][] Transposed(double[][] columns)
    {
        var rows = new double[columns[0].Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[columns.Length];
            for (var j = 0; j < columns.Length; j++)
                rows[i][j] = columns[j][i];
        }
        return rows;
    }

    /// <summary>The lower triangle of the inner products of vectors. Each is computed by one thread, so that their number does not matter.</summary>
    private static double[] InnerProducts(double[][] vectors)
    {
        var order = vectors.Length;
        var products = new double[checked(order * order)];
        Parallel.For(0, order, i =>
        {
            for (var j = 0; j <= i; j++)
                products[i * order + j] = TensorPrimitives.Dot<double>(vectors[i], vectors[j]);
        });
        return products;
    }

    private static double FourthPowers(double[][] columns)
    {
        var lengths = new double[columns[0].Length];
        foreach (var column in columns)
            TensorPrimitives.MultiplyAdd(column, column, lengths, lengths);
        return TensorPrimitives.SumOfSquares<double>(lengths);
    }
}
