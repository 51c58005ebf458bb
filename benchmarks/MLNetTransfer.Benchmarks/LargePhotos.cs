using System.Runtime.InteropServices;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// JPEG files of a given size in a temporary folder: real photos scaled up, with the noise of a sensor, so that their files weigh what a
/// camera's do and a decoder has its usual work.
/// </summary>
internal sealed class LargePhotos : IDisposable
{
    private const int Quality = 90;
    /// <summary>The usual noise, of standard deviation 5: a photo of 12 megapixels then weighs 2 MiB.</summary>
    public const int Noise = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnettransfer-photos-").FullName;

    /// <param name="source">The photos to enlarge.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="count">How many files.</param>
    /// <param name="noise">The most that noise adds to a channel or takes from it, 0 or more: it settles what a file weighs, and so what scaled decoding saves.</param>
    public LargePhotos(string source, int width, int height, int count, int noise = Noise)
    {
        var photos = ImageFiles.Find([source]);
        Files = [.. Enumerable.Range(0, count).Select(i => Path.Combine(_folder, FormattableString.Invariant($"{i:000}.jpg")))];
        var made = 0;
        foreach (var photo in photos)
        {
            if (made == count)
                break;
            using var bitmap = SKBitmap.Decode(photo);
            // A placeholder picture is no photo.
            if (bitmap is null || bitmap.Width < 128 || Path.GetExtension(photo) == ".gif")
                continue;
            File.WriteAllBytes(Files[made++], Enlarge(bitmap, width, height, noise, made));
        }
        if (made < count)
            throw new TransferException($"{count} photos are to be made; '{source}' holds {made}. Name another folder.");
    }

    public IReadOnlyList<string> Files { get; }

    /// <summary>The mean size of a file.</summary>
    public double Bytes => Files.Average(file => (double)new FileInfo(file).Length);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Enlarge(SKBitmap photo, int width, int height, int noise, int seed)
    {
        using var large = photo.Resize(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), SKFilterQuality.High);
        var pixels = large.GetPixels(out var length);
        var values = new byte[(int)length];
        Marshal.Copy(pixels, values, 0, values.Length);
        var state = ((uint)seed * 2654435761u) | 1;
        for (var i = 0; i < values.Length; i++)
        {
            // xorshift32; the sum of two uniform draws falls off to both sides.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            values[i] = (byte)Math.Clamp(values[i] + (int)(state % (uint)(noise + 1)) + (int)((state >> 16) % (uint)(noise + 1)) - noise, 0, 255);
        }
        Marshal.Copy(values, 0, pixels, values.Length);
        using var image = SKImage.FromBitmap(large);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
