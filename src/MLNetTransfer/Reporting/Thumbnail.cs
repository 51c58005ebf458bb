using System.Diagnostics.CodeAnalysis;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Reporting;

/// <summary>Small JPEG pictures of image files, upright by their EXIF orientation.</summary>
internal static class Thumbnail
{
    /// <summary>The longest side, in pixels.</summary>
    public const int Side = 160;

    /// <summary>Makes the thumbnail of a file; false when it cannot be read as an image.</summary>
    public static bool TryCreate(string path, [NotNullWhen(true)] out byte[]? jpeg)
    {
        using var picture = UprightPicture.TryRead(path, Side);
        jpeg = picture is null ? null : Encode(picture);
        return jpeg is not null;
    }

    private static byte[] Encode(SKBitmap picture)
    {
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, 82);
        return data.ToArray();
    }
}
