using SkiaSharp;

namespace MLNetTransfer.Images;

/// <summary>
/// How an upright picture lies in a file (EXIF orientation 1 to 8): the stored column runs along the upright x, or y when transposed, and
/// may run backwards; likewise the stored row.
/// </summary>
internal readonly record struct Orientation(bool Transposed, bool ColumnsBackwards, bool RowsBackwards)
{
    /// <summary>Reads the codec's name of the orientation: which side the first stored row and the first stored column show.</summary>
    public static Orientation From(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => new(false, true, false),
        SKEncodedOrigin.BottomRight => new(false, true, true),
        SKEncodedOrigin.BottomLeft => new(false, false, true),
        SKEncodedOrigin.LeftTop => new(true, false, false),
        SKEncodedOrigin.RightTop => new(true, false, true),
        SKEncodedOrigin.RightBottom => new(true, true, true),
        SKEncodedOrigin.LeftBottom => new(true, true, false),
        _ => default,
    };

    /// <summary>
    /// How to walk a stored square pixel by pixel in upright order: upright (x, y) is stored pixel Start + x StepX + y StepY.
    /// </summary>
    public (int Start, int StepX, int StepY) Walk(int side)
    {
        var column = ColumnsBackwards ? -1 : 1;
        var row = RowsBackwards ? -side : side;
        var start = (ColumnsBackwards ? side - 1 : 0) + (RowsBackwards ? side * (side - 1) : 0);
        return Transposed ? (start, row, column) : (start, column, row);
    }
}
