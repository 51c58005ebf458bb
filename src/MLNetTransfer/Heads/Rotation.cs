using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// Rotates standardised features so that no more columns are left than there are rows. A linear model with an L2 penalty sees features only
/// through the inner products of the rows (B. Schoelkopf, R. Herbrich, A. Smola, A generalized representer theorem, 2001): the Cholesky
/// factor of the Gram matrix has the same inner products, so every fit to it gives the same scores.
/// </summary>
internal static class Rotation
{
    /// <summary>The part of the largest remaining square length below which what is left of the rows is rounding.</summary>
    private const double Negligible = 1e-12;

    private const int MostRows = 2048;

    /// <summary>Whether the shorter rows save more than it costs to make them.</summary>
    public static bool Pays(FeatureView features) => features.Rows <= MostRows && features.Columns >= 2 * features.Rows;

    /// <summary>The rotated rows: rows x rank, rank at most rows.</summary>
    public static FeatureMatrix Rotate(Design design)
    {
        var rows = design.Features.Rows;
        var factor = Cholesky(Gram(design), rows, out var rank);
        var values = new float[rows * Math.Max(1, rank)];
        for (var row = 0; row < rows; row++)
            for (var k = 0; k < rank; k++)
                values[row * rank + k] = (float)factor[k * rows + row];
        return new FeatureMatrix(rows, Math.Max(1, rank), values);
    }

    private static double[] Gram(Design design)
    {
        var (rows, columns) = (design.Features.Rows, design.Columns);
        var standardised = new double[rows * columns];
        for (var row = 0; row < rows; row++)
            design.Standardise(row, standardised.AsSpan(row * columns, columns));
        var gram = new double[rows * rows];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j <= i; j++)
                gram[i * rows + j] = gram[j * rows + i] = TensorPrimitives.Dot<double>(
                    standardised.AsSpan(i * columns, columns), standardised.AsSpan(j * columns, columns));
        return gram;
    }

    /// <summary>
    /// The pivoted Cholesky factor, column after column (N. Higham, Analysis of the Cholesky decomposition of a semi-definite matrix, 1990):
    /// stops where the matrix is exhausted, as one of centred rows always is.
    /// </summary>
    private static double[] Cholesky(double[] gram, int rows, out int rank)
    {
        var factor = new double[rows * rows];
        var rest = new double[rows];
        for (var row = 0; row < rows; row++)
            rest[row] = gram[row * rows + row];
        var enough = Negligible * TensorPrimitives.Max<double>(rest);
        for (rank = 0; rank < rows; rank++)
        {
            var pivot = TensorPrimitives.IndexOfMax<double>(rest);
            if (!(rest[pivot] > enough))
                break;
            var column = factor.AsSpan(rank * rows, rows);
            gram.AsSpan(pivot * rows, rows).CopyTo(column);
            for (var k = 0; k < rank; k++)
            {
                var earlier = factor.AsSpan(k * rows, rows);
                TensorPrimitives.MultiplyAdd(earlier, -earlier[pivot], column, column);
            }
            TensorPrimitives.Multiply(column, 1 / Math.Sqrt(rest[pivot]), column);
            for (var row = 0; row < rows; row++)
                rest[row] -= column[row] * column[row];
            rest[pivot] = 0;
        }
        return factor;
    }
}
