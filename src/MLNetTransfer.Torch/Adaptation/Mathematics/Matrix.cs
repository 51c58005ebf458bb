using System.Numerics.Tensors;
using MLNetTransfer.Torch.Native;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>
/// A dense matrix of doubles, row after row. What costs more than one pass over the values (products, decompositions) is done by libtorch's LAPACK; only
/// calls that hand it no number of their own are used here (see <c>NesterovStep</c> for why).
/// </summary>
public sealed class Matrix
{
    private readonly double[] _values;

    /// <summary>A matrix of zeros.</summary>
    public Matrix(int rows, int columns) : this(rows, columns, new double[checked(rows * columns)]) { }

    /// <summary>Wraps row-major values without copying them.</summary>
    public Matrix(int rows, int columns, double[] values)
    {
        if (values.Length != checked(rows * columns))
            throw new ArgumentException($"A matrix of {rows} x {columns} has {rows * columns} values; received {values.Length}.", nameof(values));
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

    /// <summary>this x scale.</summary>
    public Matrix Scaled(double scale)
    {
        var scaled = new double[_values.Length];
        TensorPrimitives.Multiply(_values, scale, scaled);
        return new Matrix(Rows, Columns, scaled);
    }

    /// <summary>The first columns.</summary>
    public Matrix FirstColumns(int count) => SelectColumns([.. Enumerable.Range(0, count)]);

    /// <summary>The chosen columns, in the order given.</summary>
    public Matrix SelectColumns(IReadOnlyList<int> columns)
    {
        var matrix = new Matrix(Rows, columns.Count);
        for (var i = 0; i < Rows; i++)
            for (var j = 0; j < columns.Count; j++)
                matrix[i, j] = this[i, columns[j]];
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

    /// <summary>The covariance of the columns: divided by rows - 1.</summary>
    public Matrix Covariance()
    {
        var (centred, means) = (Copy(), ColumnMeans());
        for (var row = 0; row < Rows; row++)
            TensorPrimitives.Subtract(centred.Row(row), means, centred.Row(row));
        return centred.TransposedTimes(centred).Scaled(1.0 / Math.Max(1, Rows - 1));
    }

    /// <summary>Eigenvalues in ascending order and the eigenvectors in columns, of a symmetric matrix (its lower triangle is read).</summary>
    public (double[] Values, Matrix Vectors) SymmetricEigen()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(AsTensor());
        return ([.. values.data<double>()], FromTensor(vectors));
    }

    /// <summary>U, the singular values in descending order, and V, with this = U diag(s) V'.</summary>
    public (Matrix U, double[] S, Matrix V) Svd()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (u, s, vh) = linalg.svd(AsTensor(), fullMatrices: false);
        return (FromTensor(u), [.. s.data<double>()], FromTensor(vh.t()));
    }

    /// <summary>X with this x X = right.</summary>
    /// <exception cref="TransferException">This is singular.</exception>
    public Matrix Solve(Matrix right)
    {
        try
        {
            return Native(() => linalg.solve(AsTensor(), right.AsTensor()));
        }
        catch (System.Runtime.InteropServices.ExternalException fault)
        {
            throw new TransferException($"The equations have one solution; this matrix of {Rows} x {Columns} is singular. Regularise it.", fault);
        }
    }

    private static Matrix Native(Func<Tensor> compute)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        return FromTensor(compute());
    }

    private Tensor AsTensor() => tensor(_values, [Rows, Columns]);

    private static Matrix FromTensor(Tensor values) =>
        new((int)values.shape[0], (int)values.shape[1], [.. values.contiguous().data<double>()]);
}
