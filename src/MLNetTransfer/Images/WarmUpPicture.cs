using SkiaSharp;

namespace MLNetTransfer.Images;

/// <summary>A picture to decode before the first real one comes.</summary>
internal static class WarmUpPicture
{
    /// <summary>A grey JPEG, large enough that decoding it shrinks it in the codec and by our own filter, as with a photo.</summary>
    /// <param name="side">The side of the square it will become.</param>
    public static byte[] Jpeg(int side)
    {
        using var bitmap = new SKBitmap(4 * side, 3 * side);
        bitmap.Erase(SKColors.Gray);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return encoded.ToArray();
    }
}
