using SkiaSharp;

namespace MLNetTransfer.Images;

/// <summary>Small pictures of image files for people to look at, upright by their EXIF orientation.</summary>
internal static class UprightPicture
{
    // What a format that decodes only at full size may ask for, so that a bomb costs nothing.
    private const long MostPixels = 50_000_000;

    /// <summary>Reads a picture, its longest side at most as long as asked for; null when the file cannot be read as an image.</summary>
    public static SKBitmap? TryRead(string path, int side)
    {
        if (!File.Exists(path))
            return null;
        using var codec = SKCodec.Create(path);
        if (codec is null)
            return null;
        // JPEG decodes at an eighth of its size for the price of an eighth; twice the size wanted keeps the reduction smooth.
        var size = codec.GetScaledDimensions(Math.Min(1, 2f * side / Math.Max(codec.Info.Width, codec.Info.Height)));
        if ((long)size.Width * size.Height > MostPixels)
            return null;
        SKImageInfo info = new(size.Width, size.Height, SKImageInfo.PlatformColorType, SKAlphaType.Premul, SKColorSpace.CreateSrgb());
        using SKBitmap pixels = new(info);
        if (codec.GetPixels(info, pixels.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
            return null;
        return Reduce(pixels, codec.EncodedOrigin, side);
    }

    private static SKBitmap Reduce(SKBitmap pixels, SKEncodedOrigin origin, int side)
    {
        // From LeftTop on, the origins swap width and height.
        var (width, height) = origin >= SKEncodedOrigin.LeftTop ? (pixels.Height, pixels.Width) : (pixels.Width, pixels.Height);
        var scale = Math.Min(1, (float)side / Math.Max(width, height));
        SKBitmap picture = new(Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
        using SKCanvas canvas = new(picture);
        using SKPaint paint = new() { FilterQuality = SKFilterQuality.Medium };
        canvas.Clear(SKColors.White);
        canvas.Scale((float)picture.Width / width, (float)picture.Height / height);
        var upright = Upright(origin, width, height);
        canvas.Concat(ref upright);
        canvas.DrawBitmap(pixels, 0, 0, paint);
        canvas.Flush();
        return picture;
    }

    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, width, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, width, -1, 0, height, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, height, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
