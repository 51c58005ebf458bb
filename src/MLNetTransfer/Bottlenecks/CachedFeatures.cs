using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetTransfer.Bottlenecks;

/// <summary>The bytes of one entry of the cache: a SHA-256 over its key and all that follows, the perceptual hashes, the features.</summary>
internal static class CachedFeatures
{
    private const int Hashes = 2 * sizeof(ulong);
    private const int Header = SHA256.HashSizeInBytes + Hashes;

    /// <summary>The key of an image's features: the network's key, then the SHA-256 of the image file.</summary>
    public const int KeyLength = 2 * SHA256.HashSizeInBytes;

    public static int LengthOf(int features) => Header + (features * sizeof(float));

    public static byte[] Encode(ReadOnlySpan<byte> key, (ulong Rows, ulong Columns) perceptual, ReadOnlySpan<float> features)
    {
        var value = new byte[LengthOf(features.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(SHA256.HashSizeInBytes), perceptual.Rows);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(SHA256.HashSizeInBytes + sizeof(ulong)), perceptual.Columns);
        MemoryMarshal.AsBytes(features).CopyTo(value.AsSpan(Header));
        Checksum(key, value, value);
        return value;
    }

    /// <summary>False when the value is not what was once written under this key.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Span<float> features, out (ulong Rows, ulong Columns) perceptual)
    {
        perceptual = default;
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        if (value.Length != LengthOf(features.Length))
            return false;
        Checksum(key, value, checksum);
        if (!checksum.SequenceEqual(value[..SHA256.HashSizeInBytes]))
            return false;
        perceptual = (BinaryPrimitives.ReadUInt64LittleEndian(value[SHA256.HashSizeInBytes..]),
            BinaryPrimitives.ReadUInt64LittleEndian(value[(SHA256.HashSizeInBytes + sizeof(ulong))..]));
        value[Header..].CopyTo(MemoryMarshal.AsBytes(features));
        return true;
    }

    private static void Checksum(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(value[SHA256.HashSizeInBytes..]);
        hash.GetHashAndReset(checksum);
    }
}
