using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class MaximumMeanDiscrepancyTests
{
    private const int Sources = 7;
    private const int Targets = 5;
    private const int Columns = 3;

    // Recorded from numpy 1.24: features standardised on both domains, squared distances divided by the columns, their median as 2 s^2 / 2.
    [Fact]
    public void Test_AFixedExample_IsWhatNumpyFinds()
    {
        var (source, target) = Example();

        var result = MaximumMeanDiscrepancy.Test(Gram.Of(source, target), Sources, 99, new RandomStream(1));

        Assert.Equal(1.4400340439468358, result.Bandwidth, 1e-6);
        Assert.Equal(-0.11160568308036822, result.Squared, 1e-6);
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(4, 8)]
    public void Test_AnyKernel_IsTheDoubleLoopOfTheDefinition(int sources, int targets)
    {
        var random = new RandomStream(2);
        var count = sources + targets;
        var kernel = new double[count * count];
        for (var i = 0; i < count; i++)
            for (var j = 0; j <= i; j++)
                kernel[(i * count) + j] = kernel[(j * count) + i] = random.NextDouble();
        var expected = 0d;
        for (var i = 0; i < count; i++)
            for (var j = 0; j < count; j++)
                if (i != j)
                    expected += kernel[(i * count) + j] * ((i < sources, j < sources) switch
                    {
                        (true, true) => 1.0 / (sources * (sources - 1)),
                        (false, false) => 1.0 / (targets * (targets - 1)),
                        _ => -1.0 / (sources * targets),
                    });

        Assert.Equal(expected, MaximumMeanDiscrepancy.Test(kernel, sources, 99, random).Squared, 1e-12);
    }

    // 1.63 / sqrt(300) is the 1 % point of Kolmogorov and Smirnov; p-values are hundredths.
    [Fact]
    public void Test_TwoSamplesOfOneDistribution_HaveUniformPValues() =>
        Assert.InRange(Problems.DistanceFromUniform(Enumerable.Range(0, 300).Select(seed =>
        {
            var random = RandomStream.Derive(seed, "null");
            return MaximumMeanDiscrepancy.Test(Gram.Of(Problems.Normal(12, 4, random), Problems.Normal(9, 4, random)), 12, 99, random).PValue;
        })), 0, .094 + .01);

    [Fact]
    public void Test_AShiftedSample_HasTheLeastPValue()
    {
        var random = new RandomStream(4);

        var result = MaximumMeanDiscrepancy.Test(Gram.Of(Problems.Normal(30, 4, random), Problems.Normal(30, 4, random, shift: 3)), 30, 199, random);

        Assert.Equal(1 / 200.0, result.PValue, 1e-12);
        Assert.True(result.Squared > .05);
    }

    [Fact]
    public void Kernel_MoreThanHalfOfTheDistancesZero_HasABandwidthAboveZero()
    {
        var gram = Gram.Of(new FeatureMatrix(10, 1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), new FeatureMatrix(2, 1, [0, 1]));

        var (kernel, bandwidth) = MaximumMeanDiscrepancy.Kernel(gram, [.. Enumerable.Range(0, 12)]);

        Assert.True(bandwidth > 0);
        Assert.All(kernel, value => Assert.InRange(value, 0, 1));
    }

    private static (FeatureMatrix Source, FeatureMatrix Target) Example()
    {
        float Value(int i, int j) => (float)((float)Math.Sin((1.3 * i) + (.7 * j) + (.1 * i * j)) + (i >= Sources ? .4 : 0));
        float[] Values(int from, int count) => [.. Enumerable.Range(from, count).SelectMany(i => Enumerable.Range(0, Columns).Select(j => Value(i, j)))];
        return (new FeatureMatrix(Sources, Columns, Values(0, Sources)), new FeatureMatrix(Targets, Columns, Values(Sources, Targets)));
    }
}
