namespace MLNetTransfer.Heads;

/// <summary>Some columns of a feature matrix seen as a matrix of their own, without a copy: what one cut sees of the features of all cuts.</summary>
internal sealed class FeatureView
{
    private readonly (int Start, int Length)[] _ranges;

    /// <param name="matrix">The matrix.</param>
    /// <param name="ranges">The columns, in the order of the view.</param>
    public FeatureView(FeatureMatrix matrix, IReadOnlyList<(int Start, int Length)> ranges)
    {
        Matrix = matrix;
        _ranges = [.. ranges];
        Columns = _ranges.Sum(range => range.Length);
    }

    /// <summary>All columns.</summary>
    public FeatureView(FeatureMatrix matrix) : this(matrix, [(0, matrix.Columns)]) { }

    public FeatureMatrix Matrix { get; }

    public int Rows => Matrix.Rows;

    public int Columns { get; }

    /// <summary>The pieces a row consists of, in order.</summary>
    public ReadOnlySpan<(int Start, int Length)> Ranges => _ranges;

    /// <summary>One of the <see cref="Ranges"/> of a row.</summary>
    public ReadOnlySpan<float> Piece(int row, int start, int length) => Matrix.Row(row).Slice(start, length);

    /// <summary>The view as a matrix: the matrix itself when it shows all of it.</summary>
    public FeatureMatrix ToMatrix()
    {
        if (_ranges is [(0, var length)] && length == Matrix.Columns)
            return Matrix;
        var values = FeatureMatrix.Allocate(Rows, Columns);
        for (var row = 0; row < Rows; row++)
            CopyRow(row, values.AsSpan(row * Columns, Columns));
        return new FeatureMatrix(Rows, Columns, values);
    }

    public void CopyRow(int row, Span<float> target)
    {
        var source = Matrix.Row(row);
        foreach (var (start, length) in _ranges)
        {
            source.Slice(start, length).CopyTo(target);
            target = target[length..];
        }
    }
}
