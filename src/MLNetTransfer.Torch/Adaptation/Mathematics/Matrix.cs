using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>
/// A dense matrix of doubles, row after row. What costs more than one pass over the values (products, decompositions) is done by libtorch's LAPACK, by
/// <see cref="OneThread"/> and in libtorch's aligned memory, so that the bits depend on neither threads nor chance; only calls that hand it no number of
/// their own are used (see <c>NesterovStep</c> for why).
/// </summary>
public sealed class Matrix
{
    /// <summary>Two gigabytes.</summary>
    private const int MaximumValues = 1 << 28;

    private readonly double[] _values;

    /// <summary>A matrix of zeros.</summary>
    public Matrix(int rows, int columns) : this(rows, columns, Allocate(rows, columns)) { }

    /// <summary>Wraps row-major values without copying them.</summary>
    public Matrix(int rows, int columns, double[] values)
    {
        if (values.LongLength != (long)rows * columns)
            throw new ArgumentException($"A matrix of {rows} x {columns} has {(long)rows * columns} values; received {values.Length}.", nameof(values));
        (Rows, Columns, _values) = (rows, columns, values);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>One value.</summary>
    public ref double this[int row, int column] => ref _values[(row * Columns) + column];

    /// <summary>One row.</summary>
    public Span<double> Row(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>All values, row after row.</summary>
    public Span<double> Values => _values;

    /// <summary>The features as a matrix.</summary>
    public static Matrix From(FeatureMatrix features)
    {
        var matrix = new Matrix(features.Rows, features.Columns);
        for (var row = 0; row < features.Rows; row++)
            TensorPrimitives.ConvertChecked(features.Row(row), matrix.Row(row));
        return matrix;
    }

    /// <summary>Ones on the diagonal.</summary>
    public static Matrix Identity(int size)
    {
        var ones = new double[size];
        Array.Fill(ones, 1);
        return Diagonal(ones);
    }

    /// <summary>The values on the diagonal, 0 elsewhere.</summary>
    public static Matrix Diagonal(ReadOnlySpan<double> values)
    {
        var matrix = new Matrix(values.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            matrix[i, i] = values[i];
        return matrix;
    }

    /// <summary>The values as 32-bit features.</summary>
    public FeatureMatrix ToFeatures()
    {
        var values = new float[_values.Length];
        TensorPrimitives.ConvertTruncating<double, float>(_values, values);
        return new FeatureMatrix(Rows, Columns, values);
    }

    /// <summary>A copy that shares nothing.</summary>
    public Matrix Copy() => new(Rows, Columns, [.. _values]);

    /// <summary>Rows and columns exchanged.</summary>
    public Matrix Transposed()
    {
        var matrix = new Matrix(Columns, Rows);
        for (var i = 0; i < Rows; i++)
            for (var j = 0; j < Columns; j++)
                matrix[j, i] = this[i, j];
        return matrix;
    }

    /// <summary>this x other.</summary>
    public Matrix Times(Matrix other) => Native(() => mm(AsTensor(), other.AsTensor()));

    /// <summary>this' x other.</summary>
    public Matrix TransposedTimes(Matrix other) => Native(() => mm(AsTensor().t(), other.AsTensor()));

    /// <summary>this x other'.</summary>
    public Matrix TimesTransposed(Matrix other) => Native(() => mm(AsTensor(), other.AsTensor().t()));

    /// <summary>this + other x scale.</summary>
    public Matrix Plus(Matrix other, double scale = 1)
    {
        var sum = new double[_values.Length];
        TensorPrimitives.MultiplyAdd(other._values, scale, _values, sum);
        return new Matrix(Rows, Columns, sum);
    }

    /// <summary>A row added to every row.</summary>
    public Matrix PlusRow(double[] row)
    {
        var matrix = Copy();
        for (var i = 0; i < Rows; i++)
            TensorPrimitives.Add(matrix.Row(i), row, matrix.Row(i));
        return matrix;
    }

    /// <summary>this x scale.</summary>
    public Matrix Scaled(double scale)
    {
        var scaled = new double[_values.Length];
        TensorPrimitives.Multiply(_values, scale, scaled);
        return new Matrix(Rows, Columns, scaled);
    }

    /// <summary>The rows of both, these first.</summary>
    public Matrix Above(Matrix other) => new(Rows + other.Rows, Columns, [.. _values, .. other._values]);

    /// <summary>The first columns; all of them where there are fewer.</summary>
    public Matrix FirstColumns(int count)
    {
        var matrix = new Matrix(Rows, Math.Min(count, Columns));
        for (var row = 0; row < Rows; row++)
            Row(row)[..matrix.Columns].CopyTo(matrix.Row(row));
        return matrix;
    }

    /// <summary>The chosen rows, in the order given.</summary>
    public Matrix SelectRows(IReadOnlyList<int> rows)
    {
        var matrix = new Matrix(rows.Count, Columns);
        for (var i = 0; i < rows.Count; i++)
            Row(rows[i]).CopyTo(matrix.Row(i));
        return matrix;
    }

    /// <summary>Every column multiplied by its own scale.</summary>
    public Matrix ScaleColumns(ReadOnlySpan<double> scales)
    {
        var matrix = new Matrix(Rows, Columns);
        for (var row = 0; row < Rows; row++)
            TensorPrimitives.Multiply(Row(row), scales, matrix.Row(row));
        return matrix;
    }

    /// <summary>The mean of every column.</summary>
    public double[] ColumnMeans()
    {
        var means = new double[Columns];
        for (var row = 0; row < Rows; row++)
            TensorPrimitives.Add(means, Row(row), means);
        TensorPrimitives.Divide(means, Rows, means);
        return means;
    }

    /// <summary>Every row less its column's mean, and the means.</summary>
    public (Matrix Values, double[] Means) Centred()
    {
        var means = ColumnMeans();
        return (PlusRow([.. means.Select(mean => -mean)]), means);
    }

    /// <summary>The covariance of the columns: divided by rows - 1.</summary>
    public Matrix Covariance()
    {
        var centred = Centred().Values;
        return centred.TransposedTimes(centred).Scaled(1.0 / Math.Max(1, Rows - 1));
    }

    /// <summary>(this + ridge I)^exponent of a positive semi-definite matrix.</summary>
    /// <exception cref="TransferException">The exponent is negative, and the matrix with its ridge is singular.</exception>
    public Matrix SymmetricPower(double exponent, double ridge = 0) => Power(SymmetricEigen(), exponent, ridge);

    /// <summary>Two powers of this + ridge I, by one decomposition.</summary>
    /// <exception cref="TransferException">An exponent is negative, and the matrix with its ridge is singular.</exception>
    public (Matrix First, Matrix Second) SymmetricPowers(double first, double second, double ridge = 0)
    {
        var eigen = SymmetricEigen();
        return (Power(eigen, first, ridge), Power(eigen, second, ridge));
    }

    /// <summary>
    /// The singular values above 1e-6 of the largest, in descending order, and their right singular vectors in columns. By the eigenvalues of the smaller
    /// of the two products with itself, which is several times faster than <see cref="Svd"/> and blind below that limit.
    /// </summary>
    public (double[] S, Matrix V) RightSingular()
    {
        var isTall = Rows >= Columns;
        var (values, vectors) = (isTall ? TransposedTimes(this) : TimesTransposed(this)).SymmetricEigen();
        int[] kept = [.. Enumerable.Range(0, values.Length).Reverse().Where(i => values[i] > 1e-12 * values[^1])];
        double[] s = [.. kept.Select(i => Math.Sqrt(values[i]))];
        var chosen = vectors.Transposed().SelectRows(kept).Transposed();
        return (s, isTall ? chosen : TransposedTimes(chosen).ScaleColumns([.. s.Select(value => 1 / value)]));
    }

    /// <summary>Eigenvalues in ascending order and the eigenvectors in columns, of a symmetric matrix (its lower triangle is read).</summary>
    /// <exception cref="TransferException">The values are not finite, or LAPACK finds no solution.</exception>
    public (double[] Values, Matrix Vectors) SymmetricEigen()
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        var (values, vectors) = Solved("eigenvalues", () => linalg.eigh(AsTensor()));
        return (FromTensor(values.unsqueeze(0))._values, FromTensor(vectors));
    }

    /// <summary>U, the singular values in descending order, and V, with this = U diag(s) V'.</summary>
    /// <exception cref="TransferException">The values are not finite, or LAPACK finds no solution.</exception>
    public (Matrix U, double[] S, Matrix V) Svd()
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        var (u, s, vh) = Solved("singular values", () => linalg.svd(AsTensor(), fullMatrices: false));
        return (FromTensor(u), FromTensor(s.unsqueeze(0))._values, FromTensor(vh.t()));
    }

    /// <summary>X with this x X = right.</summary>
    /// <exception cref="TransferException">This is singular.</exception>
    public Matrix Solve(Matrix right)
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        return FromTensor(Solved("solution", () => linalg.solve(AsTensor(), right.AsTensor())));
    }

    private static double[] Allocate(int rows, int columns) => (long)rows * columns <= MaximumValues
        ? new double[rows * columns]
        : throw new TransferException(FormattableString.Invariant(
            $"A matrix of adaptation has up to {MaximumValues} values; received {rows} x {columns}. Take fewer images, or a method that compares no image with every other."));

    private static Matrix Power((double[] Values, Matrix Vectors) eigen, double exponent, double ridge)
    {
        // A semi-definite matrix has no negative eigenvalues; rounding has.
        double[] lifted = [.. eigen.Values.Select(value => Math.Max(value, 0) + ridge)];
        if (exponent < 0 && !(lifted[0] > 1e-14 * lifted[^1]))
            throw new TransferException(FormattableString.Invariant(
                $"A negative power needs a matrix of full rank; the eigenvalues of this one of size {lifted.Length} go from {lifted[0]:g3} to {lifted[^1]:g3}. Regularise more."));
        return eigen.Vectors.ScaleColumns([.. lifted.Select(value => Math.Pow(value, exponent))]).TimesTransposed(eigen.Vectors);
    }

    private static Matrix Native(Func<Tensor> compute)
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        return FromTensor(compute());
    }

    private T Solved<T>(string what, Func<T> compute)
    {
        foreach (var value in _values)
            if (!double.IsFinite(value))
                throw new TransferException($"A matrix whose {what} are sought has finite values; received {value} in one of {Rows} x {Columns}. Regularise more, or scale the features.");
        try
        {
            return compute();
        }
        catch (ExternalException fault)
        {
            throw new TransferException($"LAPACK found no {what} of a matrix of {Rows} x {Columns}: it is singular or badly conditioned. Regularise more.", fault);
        }
    }

    /// <summary>A copy in libtorch's memory, for many products.</summary>
    internal ResidentMatrix ToResident() => new(this);

    internal Tensor AsTensor()
    {
        var values = empty(Rows, Columns, dtype: ScalarType.Float64);
        MemoryMarshal.AsBytes(_values.AsSpan()).CopyTo(values.bytes);
        return values;
    }

    internal static Matrix FromTensor(Tensor values)
    {
        var matrix = new Matrix((int)values.shape[0], (int)values.shape[1]);
        values.contiguous().bytes.CopyTo(MemoryMarshal.AsBytes(matrix._values.AsSpan()));
        return matrix;
    }
}
