using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>
/// Finds directions along which rows vary most while given contrasts of them vary little: the generalised eigenvectors that transfer component analysis and
/// its descendants solve for. All is done in the coordinates of the rows' right singular vectors, which loses nothing: for a linear kernel the n x n problem
/// of the papers has its solutions there.
/// </summary>
internal sealed class ComponentSpace
{
    private readonly Matrix _rows;
    private readonly Matrix _toFeatures;
    private readonly Matrix _scatter;

    /// <param name="rows">All rows of both domains.</param>
    /// <param name="isDual">
    /// Whether the length that is held against a direction is that of its coefficients of rows, as with a kernel matrix (A in K A), or of its coefficients of features
    /// (W in X W).
    /// </param>
    public ComponentSpace(Matrix rows, bool isDual)
    {
        // X = U S V'. Directions over features: X V w = U S w with |w|. Over rows: K A = U S^2 a with |a|, A = U a, and X'A = V S a.
        var (s, v) = rows.RightSingular();
        _toFeatures = isDual ? v.ScaleColumns(s) : v;
        _rows = rows.Times(_toFeatures);
        var centred = _rows.Centred().Values;
        _scatter = centred.TransposedTimes(centred);
    }

    /// <summary>
    /// W (features x count) that maximises the trace of W'X'HXW under W'(X'EE'X + regularisation)W = I, most variation first.
    /// </summary>
    /// <param name="contrasts">E: rows x contrasts.</param>
    /// <param name="regularisation">Above 0.</param>
    /// <param name="count">No more are found than the rows have dimensions.</param>
    public Matrix Components(Matrix contrasts, double regularisation, int count)
    {
        // B = r I + M M' with few columns in M = P diag(m) Q', so that B^(-1/2) = r^(-1/2) (I - P diag(1 - (1 + m^2 / r)^(-1/2)) P').
        var (p, m, _) = _rows.TransposedTimes(contrasts).Svd();
        double[] shrunk = [.. m.Select(value => 1 - (1 / Math.Sqrt(1 + (value * value / regularisation))))];
        Matrix Whitened(Matrix columns) => columns.Plus(p.ScaleColumns(shrunk).Times(p.TransposedTimes(columns)), -1).Scaled(1 / Math.Sqrt(regularisation));
        var half = Whitened(_scatter);
        var (_, vectors) = Whitened(half.Transposed()).SymmetricEigen();
        var kept = Math.Min(count, vectors.Columns);
        var chosen = vectors.Transposed().SelectRows([.. Enumerable.Range(1, kept).Select(i => vectors.Columns - i)]).Transposed();
        return _toFeatures.Times(Whitened(chosen));
    }

    /// <summary>1 / n for the chosen rows of the source, -1 / n for those of the target: the difference of two means. Null where one of them has none.</summary>
    public static double[]? MeanDifference(IEnumerable<int> source, IEnumerable<int> target, int rows)
    {
        var contrast = new double[rows];
        int[] first = [.. source], second = [.. target];
        foreach (var row in first)
            contrast[row] = 1.0 / first.Length;
        foreach (var row in second)
            contrast[row] = -1.0 / second.Length;
        return first.Length > 0 && second.Length > 0 ? contrast : null;
    }

    /// <summary>Contrasts in columns, each with its weight, scaled so that the Frobenius norm of E E' is <paramref name="norm"/>; as they are for null.</summary>
    public static Matrix Contrasts(IReadOnlyList<(double[] Contrast, double Weight)> weighted, double? norm = null)
    {
        var rows = new Matrix(weighted.Count, weighted[0].Contrast.Length);
        for (var i = 0; i < weighted.Count; i++)
            TensorPrimitives.Multiply(weighted[i].Contrast, Math.Sqrt(weighted[i].Weight), rows.Row(i));
        if (norm is { } wanted)
            rows = rows.Scaled(Math.Sqrt(wanted / TensorPrimitives.Norm<double>(rows.TimesTransposed(rows).Values)));
        return rows.Transposed();
    }
}
