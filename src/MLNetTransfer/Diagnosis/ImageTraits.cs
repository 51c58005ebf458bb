using System.Buffers;
using System.Buffers.Binary;
using MLNetTransfer.Images;

namespace MLNetTransfer.Diagnosis;

/// <summary>What a file says of its picture before any network looks at it.</summary>
/// <param name="Kind">JPEG, PNG, GIF, BMP or WebP, by the file's first bytes.</param>
/// <param name="Channels">Channels as stored, 1 to 4, transparency among them; a palette counts as the colours it stands for.</param>
/// <param name="BitDepth">Bits a channel (of a palette: an index), 1 to 16.</param>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="Height">Pixels of the upright picture.</param>
/// <param name="IsGrey">Whether its pixels show no colour, however they are stored.</param>
internal readonly record struct ImageTraits(string Kind, int Channels, int BitDepth, int Width, int Height, bool IsGrey)
{
    /// <summary>The mean distance of a pixel's highest and lowest channel, of 255, up to which a picture has no colour: what JPEG leaves of grey.</summary>
    private const double MostColour = 2;

    /// <summary>The size that grey is judged at: colour does not hide in details.</summary>
    private static readonly ResizePlan Small = new(32, 32, 0, 0, 32);

    /// <summary>The shorter side, in pixels.</summary>
    public int ShorterSide => Math.Min(Width, Height);

    /// <summary>Reads the header, and the pixels at a fraction of their size.</summary>
    /// <exception cref="ImageException">The file is missing, no image, truncated or damaged.</exception>
    public static unsafe ImageTraits Read(string path)
    {
        using var encoded = EncodedBytes.Read(path);
        fixed (byte* start = encoded.Span)
        {
            using var codec = new ImageCodec(start, encoded.Span.Length, path);
            var size = codec.SizeFor(Small);
            var pixels = codec.Decode(size);
            var isGrey = IsWithoutColour(pixels.AsSpan(0, size.Width * size.Height * 4));
            ArrayPool<byte>.Shared.Return(pixels);
            var (width, height) = codec.Orientation.Transposed ? (codec.Height, codec.Width) : (codec.Width, codec.Height);
            var (kind, channels, depth) = Stored(encoded.Span);
            return new ImageTraits(kind, channels, depth, width, height, isGrey);
        }
    }

    private static bool IsWithoutColour(ReadOnlySpan<byte> pixels)
    {
        var sum = 0L;
        for (var i = 0; i < pixels.Length; i += 4)
            sum += Math.Max(pixels[i], Math.Max(pixels[i + 1], pixels[i + 2])) - Math.Min(pixels[i], Math.Min(pixels[i + 1], pixels[i + 2]));
        return sum <= MostColour * (pixels.Length / 4);
    }

    /// <summary>Kind, channels and depth of a file that a codec has accepted.</summary>
    internal static (string Kind, int Channels, int BitDepth) Stored(ReadOnlySpan<byte> file)
    {
        if (file.Length > 25 && file[1..].StartsWith("PNG"u8))
            return ("PNG", file[25] switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 }, file[24]);
        if (file.StartsWith("GIF8"u8))
            return ("GIF", 3, 8);
        if (file.StartsWith("BM"u8))
            return ("BMP", file.Length > 29 && file[28] == 32 ? 4 : 3, file.Length > 29 && file[28] < 8 ? file[28] : 8);
        if (file.StartsWith("RIFF"u8))
            return ("WebP", HasAlpha(file) ? 4 : 3, 8);
        return StoredJpeg(file);
    }

    private static bool HasAlpha(ReadOnlySpan<byte> webp) =>
        webp.Length > 24 && ((webp[15] == 'X' && (webp[20] & 0x10) != 0) || (webp[15] == 'L' && (webp[24] & 0x10) != 0));

    /// <summary>Walks the segments of a JPEG to its frame header.</summary>
    private static (string Kind, int Channels, int BitDepth) StoredJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 9 < file.Length;)
        {
            if (file[at] != 0xff || file[at + 1] == 0xff)
            {
                at++;
                continue;
            }
            var marker = file[at + 1];
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
                return ("JPEG", file[at + 9], file[at + 4]);
            at += 2 + (marker is 0x01 or (>= 0xd0 and <= 0xd7) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
        }
        return ("JPEG", 3, 8);
    }
}
