using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>Symmetric positive definite matrices of some hundred rows, row-major in 64-bit floats.</summary>
internal static class PositiveDefinite
{
    /// <summary>The inverse, through a Cholesky factor L: A = L L', A^-1 = L^-T L^-1.</summary>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    public static double[] Invert(ReadOnlySpan<double> matrix, int n)
    {
        var factor = Factorise(matrix, n);
        // Row i of L^-1 is (e_i - sum of L_ik times row k, k < i) / L_ii.
        var inverted = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var row = inverted.AsSpan(i * n, i + 1);
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverted.AsSpan(k * n, k + 1), -factor[(i * n) + k], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1;
            TensorPrimitives.Divide(row, factor[(i * n) + i], row);
        }
        var inverse = new double[n * n];
        for (var k = 0; k < n; k++)
            for (var i = 0; i <= k; i++)
            {
                var target = inverse.AsSpan(i * n, i + 1);
                TensorPrimitives.MultiplyAdd(inverted.AsSpan(k * n, i + 1), inverted[(k * n) + i], target, target);
            }
        for (var i = 0; i < n; i++)
            for (var j = 0; j < i; j++)
                inverse[(j * n) + i] = inverse[(i * n) + j];
        return inverse;
    }

    private static double[] Factorise(ReadOnlySpan<double> matrix, int n)
    {
        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[(i * n) + j] - TensorPrimitives.Dot<double>(factor.AsSpan(i * n, j), factor.AsSpan(j * n, j));
                if (i == j && !(rest > 0))
                    throw new ArgumentException("The matrix is not positive definite.", nameof(matrix));
                factor[(i * n) + j] = i == j ? Math.Sqrt(rest) : rest / factor[(j * n) + j];
            }
        return factor;
    }
}
