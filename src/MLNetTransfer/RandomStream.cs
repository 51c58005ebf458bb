using System.Security.Cryptography;
using System.Text;

namespace MLNetTransfer;

/// <summary>
/// A seeded stream of random numbers whose values never change between versions or platforms (SplitMix64; Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014). Streams are derived by name, so that one more consumer of randomness never
/// shifts the numbers another one sees.
/// </summary>
public sealed class RandomStream
{
    private ulong _state;

    /// <summary>Starts the stream of a seed.</summary>
    public RandomStream(ulong seed) => _state = seed;

    /// <summary>Starts the stream that belongs to a name under a seed: the same pair gives the same stream.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="name">What the numbers are for, such as "folds".</param>
    public static RandomStream Derive(int seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}"));
        return new RandomStream(BitConverter.ToUInt64(digest));
    }

    /// <summary>The stream of one item of a long series, such as the n-th image: independent of the others, without drawing them.</summary>
    /// <param name="index">The item, from 0.</param>
    public RandomStream At(long index)
    {
        var item = new RandomStream(_state ^ Mix((ulong)index + 0x632be59bd9b4e019));
        item.NextUInt64();
        return item;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => Mix(_state += 0x9e3779b97f4a7c15);

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1ul << 53));

    /// <summary>A number from <paramref name="low"/> up to, not including, <paramref name="high"/>.</summary>
    public float NextSingle(float low, float high) => low + ((high - low) * (float)NextDouble());

    /// <summary>A whole number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>A draw of the standard normal distribution (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts the items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
