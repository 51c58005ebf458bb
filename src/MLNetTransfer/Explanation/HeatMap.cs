namespace MLNetTransfer.Explanation;

/// <summary>How much each place of what the network saw speaks for a class (above 0) or against it (below 0). Immutable.</summary>
public sealed class HeatMap
{
    private readonly float[] _values;

    internal HeatMap(int rows, int columns, float[] values) => (Rows, Columns, _values) = (rows, columns, values);

    /// <summary>The number of places from top to bottom, 1 or more.</summary>
    public int Rows { get; }

    /// <summary>The number of places from left to right, 1 or more.</summary>
    public int Columns { get; }

    /// <summary>The value of a place. Places are cells of equal size that cover what the network saw.</summary>
    /// <param name="row">From 0, at the top.</param>
    /// <param name="column">From 0, at the left.</param>
    public float this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
            return _values[row * Columns + column];
        }
    }

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The largest distance of a value from 0.</summary>
    public float Strongest => _values.Max(MathF.Abs);

    /// <summary>The value between the middles of four places, linearly.</summary>
    /// <param name="x">From 0 at the left edge to 1 at the right one.</param>
    /// <param name="y">From 0 at the top edge to 1 at the bottom.</param>
    internal float At(double x, double y)
    {
        var (left, right, across) = Between(x, Columns);
        var (top, bottom, down) = Between(y, Rows);
        return Mix(Mix(this[top, left], this[top, right], across), Mix(this[bottom, left], this[bottom, right], across), down);

        static float Mix(float a, float b, float share) => a + (b - a) * share;

        static (int Before, int After, float Share) Between(double position, int count)
        {
            var at = Math.Clamp(position * count - 0.5, 0, count - 1);
            var before = (int)at;
            return (before, Math.Min(before + 1, count - 1), (float)(at - before));
        }
    }
}
