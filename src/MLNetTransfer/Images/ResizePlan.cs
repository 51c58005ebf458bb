namespace MLNetTransfer.Images;

/// <summary>
/// Where the square lies, as the file stores the picture: the size of the whole resized picture, and the corner of the square in it.
/// </summary>
internal readonly record struct ResizePlan(int Width, int Height, int Left, int Top, int Side)
{
    /// <summary>Plans the resize of a stored picture. The arithmetic is torchvision's Resize and CenterCrop of the upright picture.</summary>
    public static ResizePlan For(int storedWidth, int storedHeight, Orientation orientation, Preprocessing preprocessing)
    {
        var side = preprocessing.Side;
        if (preprocessing.Resize == ResizeMode.Squash)
            return new(side, side, 0, 0, side);
        var (width, height) = orientation.Transposed ? (storedHeight, storedWidth) : (storedWidth, storedHeight);
        var shorter = (int)MathF.Round(side * preprocessing.ResizeRatio);
        // A sliver of a picture would become endlessly long; 64 squares in a row are more than any photo.
        var longer = (int)Math.Min((long)shorter * Math.Max(width, height) / Math.Min(width, height), 64L * shorter);
        (width, height) = width <= height ? (shorter, longer) : (longer, shorter);
        var left = (int)Math.Round((width - side) / 2.0, MidpointRounding.ToEven);
        var top = (int)Math.Round((height - side) / 2.0, MidpointRounding.ToEven);
        // Upright to stored: swap the axes, then count from the other end where the file runs backwards.
        if (orientation.Transposed)
            (width, height, left, top) = (height, width, top, left);
        if (orientation.ColumnsBackwards)
            left = width - side - left;
        if (orientation.RowsBackwards)
            top = height - side - top;
        return new(width, height, left, top, side);
    }
}
