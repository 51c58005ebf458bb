using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>Writes pictures.</summary>
internal static class PngFile
{
    /// <summary>Writes a PNG under a temporary name and moves it into place.</summary>
    /// <exception cref="TransferException">It cannot be written.</exception>
    public static void Write(string path, SKBitmap picture)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (Directory.Exists(path))
                throw new IOException($"'{path}' is a folder.");
            using (var png = picture.Encode(SKEncodedImageFormat.Png, 100))
                File.WriteAllBytes(temporary, png.ToArray());
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"The picture is written to '{path}'; that cannot be done: {error.Message} Choose a file in an existing folder you may write to.", error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }
}
