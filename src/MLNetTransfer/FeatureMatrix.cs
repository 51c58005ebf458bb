namespace MLNetTransfer;

/// <summary>A dense matrix of features: one row an image, one column a feature, row-major 32-bit floats.</summary>
public sealed class FeatureMatrix
{
    private readonly float[] _values;

    /// <summary>Wraps row-major values without copying them.</summary>
    /// <param name="rows">The number of images, 0 or more.</param>
    /// <param name="columns">The number of features an image has, 1 or more.</param>
    /// <param name="values">rows x columns values, row after row.</param>
    /// <exception cref="ArgumentException">The number of values is not rows x columns.</exception>
    public FeatureMatrix(int rows, int columns, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)rows * columns)
            throw new ArgumentException($"A matrix of {rows} x {columns} has {(long)rows * columns} values; received {values.LongLength}.", nameof(values));
        Rows = rows;
        Columns = columns;
        _values = values;
    }

    /// <summary>The number of images.</summary>
    public int Rows { get; }

    /// <summary>The number of features an image has.</summary>
    public int Columns { get; }

    /// <summary>The features of one image.</summary>
    /// <param name="row">The image, from 0.</param>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>A matrix of the chosen rows, in the order given.</summary>
    /// <param name="rows">The rows to take, each from 0 to <see cref="Rows"/> - 1.</param>
    public FeatureMatrix Select(IReadOnlyList<int> rows)
    {
        var values = Allocate(rows.Count, Columns);
        for (var i = 0; i < rows.Count; i++)
            Row(rows[i]).CopyTo(values.AsSpan(i * Columns));
        return new FeatureMatrix(rows.Count, Columns, values);
    }

    /// <summary>Room for the values of a matrix.</summary>
    /// <exception cref="TransferException">They are more than an array can hold.</exception>
    internal static float[] Allocate(int rows, int columns) => (long)rows * columns <= Array.MaxLength
        ? new float[rows * columns]
        : throw new TransferException(FormattableString.Invariant(
            $"A matrix has up to {Array.MaxLength} values; received {rows} images x {columns} features. Take fewer images or a cut with fewer features."));
}
