using SkiaSharp;

namespace MLNetTransfer.TestSupport;

/// <summary>Pictures of an easy task, drawn from a seed: reddish stripes against bluish dots, and greenish rings as a third class.</summary>
internal static class Drawings
{
    private const int Side = 72;

    /// <summary>Writes pictures of some classes, one folder a class: FOLDER/CLASS/000.png.</summary>
    public static void WriteSet(string folder, int perClass, int seed, params IEnumerable<string> classes)
    {
        foreach (var name in classes)
            for (var i = 0; i < perClass; i++)
                Write(Path.Combine(folder, name, FormattableString.Invariant($"{i:000}.png")), name, (1000 * seed) + i);
    }

    /// <summary>Writes one picture, and the folders above it.</summary>
    public static void Write(string path, string name, int seed, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encode(name, seed, format, quality));
    }

    /// <summary>One picture as the bytes of its file. The seed settles all but the format; no two seeds show nearly the same.</summary>
    public static byte[] Encode(string name, int seed, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 100)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Colour(random, 80));
        for (var i = 0; i < 9; i++)
        {
            var (x, y, size) = (random.Next(Side), random.Next(Side), random.Next(3, 9));
            using var paint = new SKPaint { StrokeWidth = size, Style = name == "rings" ? SKPaintStyle.Stroke : SKPaintStyle.StrokeAndFill };
            paint.Color = name switch
            {
                "stripes" => Colour(random, 120, red: 130),
                "dots" => Colour(random, 120, blue: 130),
                _ => Colour(random, 120, green: 130),
            };
            if (name == "stripes")
                canvas.DrawLine(x, 0, x + random.Next(-20, 20), Side, paint);
            else
                canvas.DrawCircle(x, y, size, paint);
        }

        for (var i = 0; i < Side * Side / 8; i++)
            bitmap.SetPixel(random.Next(Side), random.Next(Side), Colour(random, 160));
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    private static SKColor Colour(Random random, int spread, int red = 0, int green = 0, int blue = 0) =>
        new((byte)(random.Next(spread) + red), (byte)(random.Next(spread) + green), (byte)(random.Next(spread) + blue));
}
