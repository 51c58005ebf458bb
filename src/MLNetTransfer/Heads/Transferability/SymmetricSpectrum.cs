using System.Numerics.Tensors;

namespace MLNetTransfer.Heads.Transferability;

/// <summary>
/// The eigenvalues of a symmetric matrix, and a few vectors seen from its eigenvectors. The eigenvectors themselves are never formed: every
/// reflection and rotation that would build them is applied to the few vectors instead, which leaves a third of the work of a whole
/// decomposition. Householder's reduction to a tridiagonal matrix, then QL with implicit shifts (H. Bowdler, R. Martin, C. Reinsch, J. Wilkinson,
/// The QR and QL algorithms for symmetric matrices, 1968). Eigenvalues are exact to rounding of the largest.
/// </summary>
internal static class SymmetricSpectrum
{
    /// <summary>Decomposes a matrix in place.</summary>
    /// <param name="matrix">order x order values, row after row; only the lower triangle is read. Its contents are lost.</param>
    /// <param name="order">Rows, and columns; 1 or more.</param>
    /// <param name="vectors">Vectors of <paramref name="order"/> values, one after the other; each is replaced by its parts along the eigenvectors.</param>
    /// <returns>The eigenvalues, in the order of those parts.</returns>
    public static double[] Decompose(double[] matrix, int order, double[] vectors)
    {
        double[] diagonal = new double[order], beside = new double[order];
        Tridiagonalise(matrix, order, vectors, diagonal, beside);
        Diagonalise(diagonal, beside, vectors);
        return diagonal;
    }

    /// <summary>Reflects row after row, the last first, so that what is left lies in the rows above. Element i of <paramref name="beside"/> joins i and i + 1.</summary>
    private static void Tridiagonalise(double[] matrix, int order, double[] vectors, double[] diagonal, double[] beside)
    {
        var products = new double[order];
        for (var k = order - 1; k > 0; k--)
        {
            diagonal[k] = matrix[k * order + k];
            var v = matrix.AsSpan(k * order, k);
            var length = TensorPrimitives.Norm<double>(v);
            beside[k - 1] = length;
            if (length == 0)
                continue;
            // Of the two reflections the one that adds lengths of the same sign, so that nothing cancels.
            beside[k - 1] = v[k - 1] > 0 ? -length : length;
            v[k - 1] -= beside[k - 1];
            var beta = 2 / TensorPrimitives.SumOfSquares<double>(v);

            // w = beta (A v - beta / 2 (v' A v) v), then A - v w' - w v'.
            var w = products.AsSpan(0, k);
            w.Clear();
            for (var i = 0; i < k; i++)
            {
                var row = matrix.AsSpan(i * order, i);
                w[i] += TensorPrimitives.Dot<double>(row, v[..i]) + matrix[i * order + i] * v[i];
                TensorPrimitives.MultiplyAdd(row, v[i], w[..i], w[..i]);
            }
            TensorPrimitives.Multiply(w, beta, w);
            TensorPrimitives.MultiplyAdd(v, -beta / 2 * TensorPrimitives.Dot<double>(w, v), w, w);
            for (var i = 0; i < k; i++)
            {
                var row = matrix.AsSpan(i * order, i + 1);
                TensorPrimitives.MultiplyAdd(v[..(i + 1)], -w[i], row, row);
                TensorPrimitives.MultiplyAdd(w[..(i + 1)], -v[i], row, row);
            }
            for (var start = 0; start < vectors.Length; start += order)
            {
                var vector = vectors.AsSpan(start, k);
                TensorPrimitives.MultiplyAdd(v, -beta * TensorPrimitives.Dot<double>(v, vector), vector, vector);
            }
        }
        diagonal[0] = matrix[0];
    }

    private static void Diagonalise(double[] diagonal, double[] beside, double[] vectors)
    {
        var order = diagonal.Length;
        var negligible = Math.BitIncrement(1) - 1;
        negligible *= diagonal.Max(Math.Abs) + beside.Max(Math.Abs);
        for (var low = 0; low < order; low++)
            while (true)
            {
                var high = low;
                while (high < order - 1 && Math.Abs(beside[high]) > negligible)
                    high++;
                if (high == low)
                    break;
                Sweep(diagonal, beside, vectors, low, high);
            }
    }

    /// <summary>One QL step on the block from low to high, which makes the element beside low smaller, soon cubically.</summary>
    private static void Sweep(double[] diagonal, double[] beside, double[] vectors, int low, int high)
    {
        var order = diagonal.Length;
        var shift = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
        var g = diagonal[high] - diagonal[low] + beside[low] / (shift + Math.CopySign(double.Hypot(shift, 1), shift));
        var (sine, cosine, taken) = (1d, 1d, 0d);
        for (var i = high - 1; i >= low; i--)
        {
            var (f, b) = (sine * beside[i], cosine * beside[i]);
            var radius = double.Hypot(f, g);
            beside[i + 1] = radius;
            if (radius == 0)
            {
                // The block falls apart here.
                diagonal[i + 1] -= taken;
                beside[high] = 0;
                return;
            }
            (sine, cosine) = (f / radius, g / radius);
            g = diagonal[i + 1] - taken;
            var r = (diagonal[i] - g) * sine + 2 * cosine * b;
            taken = sine * r;
            diagonal[i + 1] = g + taken;
            g = cosine * r - b;
            for (var start = 0; start < vectors.Length; start += order)
            {
                var (lower, upper) = (vectors[start + i], vectors[start + i + 1]);
                vectors[start + i + 1] = sine * lower + cosine * upper;
                vectors[start + i] = cosine * lower - sine * upper;
            }
        }
        diagonal[low] -= taken;
        beside[low] = g;
        beside[high] = 0;
    }
}
