namespace MLNetTransfer.Images;

/// <summary>64-bit difference hashes: which cells of a coarse grey picture are darker than their neighbours.</summary>
internal static class DifferenceHash
{
    private const int Cells = 8;

    /// <summary>Hashes the upright picture along its rows and along its columns.</summary>
    public static (ulong Rows, ulong Columns) Compute(ReadOnlySpan<float> square, Orientation orientation, int side)
    {
        Span<float> wide = stackalloc float[(Cells + 1) * Cells];
        Span<float> tall = stackalloc float[Cells * (Cells + 1)];
        Average(square, orientation, side, Cells + 1, Cells, wide);
        Average(square, orientation, side, Cells, Cells + 1, tall);
        var (rows, columns) = (0ul, 0ul);
        for (var y = 0; y < Cells; y++)
            for (var x = 0; x < Cells; x++)
            {
                var bit = 1ul << ((y * Cells) + x);
                if (wide[(y * (Cells + 1)) + x] < wide[(y * (Cells + 1)) + x + 1])
                    rows |= bit;
                if (tall[(y * Cells) + x] < tall[((y + 1) * Cells) + x])
                    columns |= bit;
            }
        return (rows, columns);
    }

    private static void Average(ReadOnlySpan<float> square, Orientation orientation, int side, int columns, int rows, Span<float> cells)
    {
        var (start, stepX, stepY) = orientation.Walk(side);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var (top, bottom) = Bounds(row, rows, side);
                var (left, right) = Bounds(column, columns, side);
                var sum = 0f;
                for (var y = top; y < bottom; y++)
                    for (var x = left; x < right; x++)
                        sum += TensorWriter.Luma(square, (start + (x * stepX) + (y * stepY)) * 4);
                cells[(row * columns) + column] = sum / ((bottom - top) * (right - left));
            }
    }

    /// <summary>The pixels of a cell; at least one, even where a tiny square has fewer pixels than cells.</summary>
    private static (int From, int To) Bounds(int cell, int cells, int side)
    {
        var from = cell * side / cells;
        return (from, Math.Max(from + 1, (cell + 1) * side / cells));
    }
}
