using System.Runtime.InteropServices;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Tests.Bottlenecks;

/// <summary>Entries of a cache whose contents follow from their number alone.</summary>
internal static class CacheEntries
{
    public const int Features = 96;

    public static byte[] Key(int number)
    {
        var key = new byte[CachedFeatures.KeyLength];
        new Random(number).NextBytes(key);
        return key;
    }

    /// <summary>Floats of any bits, those of no number and of the smallest ones among them.</summary>
    public static float[] Values(int number, int features = Features)
    {
        var values = new float[features];
        new Random(number + 1).NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public static (ulong Rows, ulong Columns) Hashes(int number) => ((ulong)new Random(number).NextInt64(long.MinValue, long.MaxValue), ulong.MaxValue - (ulong)number);

    public static void Fill(FeatureCache cache, IEnumerable<int> numbers, int features = Features)
    {
        foreach (var number in numbers)
        {
            // As everybody does: looked up first.
            Assert.False(cache.TryFind(Key(number), new float[features], out _));
            cache.Add(Key(number), Hashes(number), Values(number, features), CancellationToken.None);
        }
        cache.Flush(CancellationToken.None);
    }

    /// <summary>The numbers of the entries a cache holds; whatever it holds must be right to the bit.</summary>
    public static int[] Held(FeatureCache cache, IEnumerable<int> numbers, int features = Features)
    {
        var found = new List<int>();
        var values = new float[features];
        foreach (var number in numbers)
            if (cache.TryFind(Key(number), values, out var hashes))
            {
                Assert.Equal(Hashes(number), hashes);
                Assert.Equal(Bits(Values(number, features)), Bits(values));
                found.Add(number);
            }
        return [.. found];
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
