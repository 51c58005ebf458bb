using System.Buffers;
using System.Security.Cryptography;

namespace MLNetTransfer.Images;

/// <summary>The bytes of one image file in a pooled buffer.</summary>
internal readonly struct EncodedBytes : IDisposable
{
    /// <summary>The largest file that is read: 1 GiB.</summary>
    private const long MaxLength = 1L << 30;

    private readonly byte[] _buffer;
    private readonly int _length;

    private EncodedBytes(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Reads a file; others may write, move or delete it meanwhile.</summary>
    /// <exception cref="ImageException">It is missing, a directory, too large or may not be read.</exception>
    public static EncodedBytes Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.SequentialScan,
                BufferSize = 0,
            });
            return Read(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = Directory.Exists(path) ? "is a directory"
                : error is FileNotFoundException or DirectoryNotFoundException ? "does not exist"
                : error is UnauthorizedAccessException ? "may not be read by this user"
                : $"cannot be read ({error.Message.TrimEnd('.')})";
            throw new ImageException(path, reason, error);
        }
    }

    /// <summary>Reads a stream from where it stands to its end.</summary>
    /// <exception cref="ImageException">It is too large.</exception>
    public static EncodedBytes Read(Stream stream, string name)
    {
        var expected = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (expected > MaxLength)
            throw TooLarge(name);
        // One byte more than expected, so that the end shows without growing the buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(expected + 1, 1 << 16));
        try
        {
            var length = 0;
            while (stream.Read(buffer, length, buffer.Length - length) is var read and > 0)
            {
                length += read;
                if (length > MaxLength)
                    throw TooLarge(name);
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, MaxLength + 1));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
            return new EncodedBytes(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return Convert.ToHexStringLower(digest);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static ImageException TooLarge(string name) => new(name, $"is larger than {MaxLength >> 20} MiB, the most that is read");
}
