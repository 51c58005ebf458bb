using System.Buffers.Binary;
using SkiaSharp;

namespace MLNetTransfer.Tests.Images;

/// <summary>Pictures made for tests, and a plain double-precision account of what decoding should give.</summary>
internal static class Pictures
{
    /// <summary>A picture without symmetry: smooth colours and some detail, so that any turn, flip or shift shows.</summary>
    public static byte[,,] Pattern(int width, int height)
    {
        var pixels = new byte[height, width, 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                pixels[y, x, 0] = (byte)(255.0 * x / width);
                pixels[y, x, 1] = (byte)(255.0 * y / height);
                pixels[y, x, 2] = (byte)(127 + (120 * Math.Sin(x * 0.21) * Math.Cos(y * 0.13)));
            }
        return pixels;
    }

    /// <summary>Noise of a seed: no two seeds give similar pictures.</summary>
    public static byte[,,] Noise(int width, int height, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[height, width, 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                    pixels[y, x, c] = (byte)random.Next(256);
        return pixels;
    }

    public static byte[] Encode(byte[,,] pixels, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 95)
    {
        using var bitmap = new SKBitmap(pixels.GetLength(1), pixels.GetLength(0), SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, new SKColor(pixels[y, x, 0], pixels[y, x, 1], pixels[y, x, 2]));
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>Inserts an EXIF segment that holds nothing but the orientation, right after the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] segment =
        [
            0xff, 0xe1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, // TIFF header, big endian, first directory at 8
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, // one entry: tag 0x112, a 16-bit number
        ];
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    /// <summary>A PNG whose header declares a size and whose data end at once.</summary>
    public static byte[] DeclaredPng(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]), .. Chunk("IEND"u8, [])];
    }

    /// <summary>The whole picture resized by the definition of the triangle filter, in double precision: [y, x, channel] of 0..255.</summary>
    public static double[,,] Resize(byte[,,] pixels, int width, int height)
    {
        var result = new double[height, width, 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (sum, total) = (new double[3], 0.0);
                for (var v = 0; v < pixels.GetLength(0); v++)
                    for (var u = 0; u < pixels.GetLength(1); u++)
                    {
                        var weight = Weight(u, x, pixels.GetLength(1), width) * Weight(v, y, pixels.GetLength(0), height);
                        total += weight;
                        for (var c = 0; c < 3; c++)
                            sum[c] += weight * pixels[v, u, c];
                    }
                for (var c = 0; c < 3; c++)
                    result[y, x, c] = sum[c] / total;
            }
        return result;

        static double Weight(int from, int to, int inputs, int outputs)
        {
            var scale = (double)inputs / outputs;
            return Math.Max(0, 1 - (Math.Abs(from + 0.5 - ((to + 0.5) * scale)) / Math.Max(1, scale)));
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] body = [.. type, .. content];
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, ~crc);
        return [.. length, .. body, .. check];
    }
}
