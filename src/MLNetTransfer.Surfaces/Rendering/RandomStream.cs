using System.Numerics;

namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>
/// Seeded random numbers whose sequence never changes with the runtime: xoshiro256** (Blackman and Vigna, "Scrambled linear
/// pseudorandom number generators", 2021), seeded through SplitMix64.
/// </summary>
internal sealed class RandomStream
{
    private readonly ulong _seed;
    private ulong _s0, _s1, _s2, _s3;

    public RandomStream(ulong seed)
    {
        _seed = seed;
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The seed of the stream that a name stands for below another seed (FNV-1a of the UTF-16 units, then mixed).</summary>
    public static ulong DeriveSeed(ulong seed, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in name)
            hash = (hash ^ unit) * 1099511628211UL;
        hash ^= SplitMix(ref seed);
        return SplitMix(ref hash);
    }

    /// <summary>An independent stream: what one part of the picture draws never shifts what another part draws.</summary>
    public RandomStream Derive(string name) => new(DeriveSeed(_seed, name));

    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Unit() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Between(float low, float high) => low + (high - low) * Unit();

    /// <summary>Uniform in an interval.</summary>
    public float In(Interval interval) => Between(interval.Low, interval.High);

    /// <summary>Uniform in -size..size.</summary>
    public float Around(float size) => Between(-size, size);

    public bool Chance(float probability) => Unit() < probability;

    /// <summary>Uniform integer in low..high, both included.</summary>
    public int Whole(int low, int high) => low + (int)(NextBits() % (ulong)(high - low + 1));

    /// <summary>Nearly normal with mean 0 and deviation 1: the scaled sum of four uniforms, which needs no logarithm.</summary>
    public float Normal()
    {
        var bits = NextBits();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1.7320508f / 65536f);
    }

    /// <summary>How often something with a mean rate occurs: one trial for every half of the rate, so the mean is the rate.</summary>
    public int Count(float rate)
    {
        var count = 0;
        for (var left = rate; left > 0; left -= 0.5f)
            if (Chance(Math.Min(left, 0.5f)))
                count++;
        return count;
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
