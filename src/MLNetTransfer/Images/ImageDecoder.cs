using System.Buffers;

namespace MLNetTransfer.Images;

/// <summary>
/// Turns an encoded picture (JPEG, PNG, GIF, BMP or WebP, known by its content) into the tensor a network expects: decoded, turned
/// upright (EXIF), resized with an anti-aliasing triangle filter, normalised. Thread-safe; the same bytes give the same tensor, bit for
/// bit. Colours are taken as stored, transparency is dropped (not blended), 16-bit channels keep their high byte, and an animation
/// shows its first frame.
/// </summary>
public static class ImageDecoder
{
    /// <summary>A picture that declares more pixels is refused before any memory is taken for it (PIL refuses at the same size).</summary>
    public const long MaxPixels = 178_956_970;

    /// <summary>Decodes a file. It is not locked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="tensor">Receives <see cref="Preprocessing.TensorLength"/> values; left in an undefined state by a failure.</param>
    /// <param name="fingerprint">What tells whether another file holds the same picture.</param>
    /// <exception cref="ImageException">The file is missing, empty, no image, truncated, damaged or too large.</exception>
    public static void Decode(string path, Preprocessing preprocessing, Span<float> tensor, out ImageFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var encoded = EncodedBytes.Read(path);
        Decode(encoded.Span, path, preprocessing, tensor, out fingerprint);
    }

    /// <summary>Decodes what a stream holds from where it stands. The stream is read to its end and left open.</summary>
    /// <param name="stream">The encoded picture.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="tensor">Receives <see cref="Preprocessing.TensorLength"/> values; left in an undefined state by a failure.</param>
    /// <param name="fingerprint">What tells whether another file holds the same picture.</param>
    /// <exception cref="ImageException">It is empty, no image, truncated, damaged or too large.</exception>
    public static void Decode(Stream stream, string name, Preprocessing preprocessing, Span<float> tensor, out ImageFingerprint fingerprint)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        using var encoded = EncodedBytes.Read(stream, name);
        Decode(encoded.Span, name, preprocessing, tensor, out fingerprint);
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <param name="encoded">The encoded picture.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="tensor">Receives <see cref="Preprocessing.TensorLength"/> values; left in an undefined state by a failure.</param>
    /// <param name="fingerprint">What tells whether another file holds the same picture.</param>
    /// <exception cref="ImageException">It is empty, no image, truncated, damaged or too large.</exception>
    public static void Decode(
        ReadOnlySpan<byte> encoded, string name, Preprocessing preprocessing, Span<float> tensor, out ImageFingerprint fingerprint) =>
        Decode(encoded, name, preprocessing, tensor, out fingerprint, scaledDecoding: true);

    /// <summary>
    /// Decodes with or without the codec's own shrinking, which costs less and changes the tensor a little; does not hash the bytes again where
    /// their hash is known.
    /// </summary>
    internal static void Decode(ReadOnlySpan<byte> encoded, string name, Preprocessing preprocessing, Span<float> tensor,
        out ImageFingerprint fingerprint, bool scaledDecoding, string? contentHash = null)
    {
        var square = RentSquare(name, preprocessing, tensor.Length);
        try
        {
            var resized = square.AsSpan(0, LengthOfSquare(preprocessing));
            var orientation = Resize(encoded, name, preprocessing, resized, scaledDecoding);
            TensorWriter.Write(resized, orientation, preprocessing, tensor);
            var (rows, columns) = DifferenceHash.Compute(resized, orientation, preprocessing.Side);
            fingerprint = new ImageFingerprint(contentHash ?? EncodedBytes.HashOf(encoded), rows, columns);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(square);
        }
    }

    /// <summary>Decodes the bytes of a file without a fingerprint, which serving has no use for.</summary>
    internal static void Decode(ReadOnlySpan<byte> encoded, string name, Preprocessing preprocessing, Span<float> tensor)
    {
        var square = RentSquare(name, preprocessing, tensor.Length);
        try
        {
            var resized = square.AsSpan(0, LengthOfSquare(preprocessing));
            TensorWriter.Write(resized, Resize(encoded, name, preprocessing, resized, scaledDecoding: true), preprocessing, tensor);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(square);
        }
    }

    private static int LengthOfSquare(Preprocessing preprocessing) => 4 * preprocessing.Side * preprocessing.Side;

    private static float[] RentSquare(string name, Preprocessing preprocessing, int tensorLength)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(preprocessing);
        return tensorLength == preprocessing.TensorLength
            ? ArrayPool<float>.Shared.Rent(LengthOfSquare(preprocessing))
            : throw new ArgumentException($"The tensor has {preprocessing.TensorLength} values; received room for {tensorLength}.", "tensor");
    }

    private static unsafe Orientation Resize(
        ReadOnlySpan<byte> encoded, string name, Preprocessing preprocessing, Span<float> square, bool scaledDecoding)
    {
        fixed (byte* start = encoded)
        {
            using var codec = new ImageCodec(start, encoded.Length, name);
            var orientation = codec.Orientation;
            var plan = ResizePlan.For(codec.Width, codec.Height, orientation, preprocessing);
            var size = scaledDecoding ? codec.SizeFor(plan) : new(codec.Width, codec.Height);
            var pixels = codec.Decode(size);
            // Turning the small square costs less than turning the picture: orientation is left to the last step.
            AntialiasedResize.Resize(pixels, size.Width, size.Height, plan, square);
            ArrayPool<byte>.Shared.Return(pixels);
            return orientation;
        }
    }
}
