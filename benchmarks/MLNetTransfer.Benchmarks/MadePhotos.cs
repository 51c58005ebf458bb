using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Benchmarks;

/// <summary>Any number of different JPEG files in a temporary folder: crops of given photos, scaled to one size, each with the class of its photo.</summary>
internal sealed class MadePhotos : IDisposable
{
    private const int Quality = 85;
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnettransfer-made-").FullName;

    public MadePhotos(string source, int count, int width, int height)
    {
        // The classes in turns, so that few photos show all of them.
        LabeledImage[] photos = [.. ImageSet.Read(source).Images.Where(image => Path.GetExtension(image.Path) == ".jpg")
            .GroupBy(image => image.Label).SelectMany(images => images.Index()).OrderBy(pair => pair.Index).Select(pair => pair.Item)];
        Images = [.. Enumerable.Range(0, count).Select(i => new LabeledImage(Path.Combine(_folder, FormattableString.Invariant($"{i:000000}.jpg")), photos[i % photos.Length].Label))];
        // A photo is decoded once, and cropped for all its copies.
        Parallel.For(0, Math.Min(count, photos.Length), first =>
        {
            using var photo = SKBitmap.Decode(photos[first].Path);
            for (var i = first; i < count; i += photos.Length)
                File.WriteAllBytes(Images[i].Path, Crop(photo, i, width, height));
        });
    }

    public IReadOnlyList<LabeledImage> Images { get; }

    /// <summary>The mean size of a file.</summary>
    public double Bytes => Images.Average(image => (double)new FileInfo(image.Path).Length);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Crop(SKBitmap photo, int number, int width, int height)
    {
        var stream = RandomStream.Derive(1, "crop").At(number);
        var (w, h) = ((int)(photo.Width * stream.NextSingle(0.6f, 1)), (int)(photo.Height * stream.NextSingle(0.6f, 1)));
        var (x, y) = (stream.NextInt32(photo.Width - w + 1), stream.NextInt32(photo.Height - h + 1));
        using var made = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(made))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium })
            canvas.DrawBitmap(photo, SKRect.Create(x, y, w, h), SKRect.Create(width, height), paint);
        using var data = made.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
