using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Tests.Rendering;

public sealed class RandomStreamTests
{
    [Fact]
    public void NextBits_SeedZero_MatchesThePublishedAlgorithm()
    {
        // SplitMix64 of seed 0 starts with these four numbers (the test vector of Java's SplittableRandom and of xoshiro's authors).
        ulong s0 = 0xE220A8397B1DCDAF, s1 = 0x6E789E6AA1B965F4, s2 = 0x06C45D188009454F, s3 = 0xF88BB8A8724C81EC;
        var random = new RandomStream(0);
        for (var i = 0; i < 50; i++)
        {
            // xoshiro256**, written out with plain shifts.
            var product = s1 * 5;
            var expected = ((product << 7) | (product >> 57)) * 9;
            var t = s1 << 17;
            s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t;
            s3 = (s3 << 45) | (s3 >> 19);
            Assert.Equal(expected, random.NextBits());
        }
    }

    [Fact]
    public void Normal_ManyDraws_HasMeanZeroAndDeviationOne()
    {
        var random = new RandomStream(5);
        double sum = 0, squares = 0;
        const int Draws = 200_000;
        for (var i = 0; i < Draws; i++)
        {
            var value = random.Normal();
            sum += value;
            squares += value * value;
        }
        // Five standard errors of the mean and of the variance.
        Assert.InRange(sum / Draws, -0.0112, 0.0112);
        Assert.InRange(squares / Draws, 0.984, 1.016);
    }

    [Theory]
    [InlineData(0.3f)]
    [InlineData(1.2f)]
    public void Count_ManyDraws_HasTheRateAsItsMean(float rate)
    {
        var random = new RandomStream(9);
        Assert.InRange(Enumerable.Range(0, 40_000).Average(_ => random.Count(rate)), rate - 0.02, rate + 0.02);
    }

    [Fact]
    public void Derive_OtherNameOrSeed_IsAnotherStream()
    {
        ulong[] first = [.. new[] { new RandomStream(1).Derive("a"), new RandomStream(1).Derive("b"), new RandomStream(2).Derive("a") }.Select(s => s.NextBits())];
        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first[0], new RandomStream(1).Derive("a").NextBits());
    }
}
