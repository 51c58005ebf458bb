using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>Many small pictures on one sheet, row after row.</summary>
internal static class PictureGrid
{
    private const int Gap = 2;
    private const int CellSide = 40;

    /// <summary>Draws a grid, square or wider.</summary>
    /// <param name="count">The number of pictures, 1 or more.</param>
    /// <param name="height">Their height in values.</param>
    /// <param name="width">Their width in values; small pictures are enlarged, each value a square.</param>
    /// <param name="colour">The colour of a value: picture, row, column.</param>
    public static SKBitmap Draw(int count, int height, int width, Func<int, int, int, SKColor> colour)
    {
        var scale = Math.Max(1, (int)Math.Ceiling((double)CellSide / Math.Max(height, width)));
        var (cellWidth, cellHeight) = (width * scale + Gap, height * scale + Gap);
        var square = (int)Math.Ceiling(Math.Sqrt((double)count * cellHeight / cellWidth));
        // Up to twice as wide as high, if that leaves fewer cells empty.
        var columns = Enumerable.Range(square, Math.Min(square, count - square) + 1).MinBy(candidate => (candidate - count % candidate) % candidate);
        var rows = (count + columns - 1) / columns;
        var sheet = new SKBitmap(columns * cellWidth + Gap, rows * cellHeight + Gap);
        sheet.Erase(SKColors.White);
        for (var i = 0; i < count; i++)
            for (var y = 0; y < height * scale; y++)
                for (var x = 0; x < width * scale; x++)
                    sheet.SetPixel(Gap + i % columns * cellWidth + x, Gap + i / columns * cellHeight + y, colour(i, y / scale, x / scale));
        return sheet;
    }

    /// <summary>Pictures one below another.</summary>
    public static SKBitmap Stack(IReadOnlyList<SKBitmap> pictures)
    {
        var sheet = new SKBitmap(pictures.Max(picture => picture.Width), pictures.Sum(picture => picture.Height) + (pictures.Count - 1) * 4 * Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.White);
        var top = 0;
        foreach (var picture in pictures)
        {
            canvas.DrawBitmap(picture, 0, top);
            top += picture.Height + 4 * Gap;
        }
        canvas.Flush();
        return sheet;
    }
}
