using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

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
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.SequentialScan);
            if (LengthOf(file) is { } expected)
                return Read(file, expected, path, static (file, buffer, length) => RandomAccess.Read(file, buffer.AsSpan(length), length));
            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
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
    public static EncodedBytes Read(Stream stream, string name) =>
        Read(stream, LengthOf(stream), name, static (stream, buffer, length) => stream.Read(buffer, length, buffer.Length - length));

    /// <summary>Reads a stream from where it stands to its end, without keeping a thread waiting for it.</summary>
    /// <exception cref="ImageException">It is too large.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static async ValueTask<EncodedBytes> ReadAsync(Stream stream, string name, CancellationToken cancellation)
    {
        var (buffer, length) = (Rent(LengthOf(stream), name), 0);
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false) is var read and > 0)
                length = Advance(ref buffer, length, read, name);
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

    private static EncodedBytes Read<T>(T source, long expected, string name, Func<T, byte[], int, int> readAt)
    {
        var (buffer, length) = (Rent(expected, name), 0);
        try
        {
            while (readAt(source, buffer, length) is var read and > 0)
                length = Advance(ref buffer, length, read, name);
            return new EncodedBytes(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static long LengthOf(Stream stream) => stream.CanSeek ? stream.Length - stream.Position : 0;

    /// <summary>The length of a file; null for a pipe.</summary>
    private static long? LengthOf(SafeFileHandle file)
    {
        try
        {
            return RandomAccess.GetLength(file);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A buffer of one byte more than expected, so that the end shows without growing it.</summary>
    private static byte[] Rent(long expected, string name) =>
        expected <= MaxLength ? ArrayPool<byte>.Shared.Rent((int)Math.Max(expected + 1, 1 << 16)) : throw TooLarge(name);

    /// <summary>Counts the bytes read and makes room for more when the buffer is full.</summary>
    private static int Advance(ref byte[] buffer, int length, int read, string name)
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
        return length;
    }

    private static ImageException TooLarge(string name) => new(name, $"is larger than {MaxLength >> 20} MiB, the most that is read");
}
