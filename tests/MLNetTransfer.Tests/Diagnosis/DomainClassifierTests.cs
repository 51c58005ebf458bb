using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class DomainClassifierTests
{
    [Fact]
    public void Test_ThePicturesOfTheSourceAgain_HaveADistanceOfZero()
    {
        var features = Problems.Normal(40, 6, new RandomStream(1));
        int[] groups = [.. Enumerable.Range(0, 40), .. Enumerable.Range(0, 40)];

        var result = DomainClassifier.Test(Gram.Of(features, features), 40, groups, 99, new RandomStream(1));

        // A fold that lacks some images of the source learns a little too much of the target, and the reverse: below .5, never above.
        Assert.InRange(result.Auc, .4, .55);
        Assert.InRange(result.ADistance, 0, .2);
        Assert.True(result.PValue > .1);
    }

    [Fact]
    public void Test_SeparableDomains_HaveADistanceOfTwo()
    {
        var random = new RandomStream(2);

        var result = Test(Problems.Normal(40, 6, random), Problems.Normal(25, 6, random, shift: 12), 199);

        Assert.Equal(1, result.Auc, 1e-12);
        Assert.Equal(0, result.Error, 1e-12);
        Assert.Equal(2, result.ADistance, 1e-12);
        Assert.Equal(1 / 200.0, result.PValue, 1e-12);
    }

    // The error of the best classifier of N(0, 1) against N(d, 1) is Phi(-d / 2): .309 for 1, an A-distance of .766.
    [Fact]
    public void Test_NormalDomainsOneDeviationApart_HaveTheErrorOfTheory()
    {
        var random = new RandomStream(3);

        var result = Test(Problems.Normal(400, 1, random), Problems.Normal(400, 1, random, shift: 1), 99);

        Assert.InRange(result.Error, .309 - .05, .309 + .05);
        Assert.InRange(.309, result.ErrorInterval.Low, result.ErrorInterval.High);
    }

    [Fact]
    public void Test_TwoSamplesOfOneDistribution_HaveUniformPValues() =>
        Assert.InRange(Problems.DistanceFromUniform(Enumerable.Range(0, 300).Select(seed =>
        {
            var random = RandomStream.Derive(seed, "null");
            return Test(Problems.Normal(14, 20, random), Problems.Normal(9, 20, random), 99, random).PValue;
        })), 0, .094 + .01);

    [Fact]
    public void Test_SameSeed_GivesTheSameFigures()
    {
        DomainClassifier Run() => Test(Problems.Normal(20, 3, new RandomStream(5)), Problems.Normal(30, 3, new RandomStream(6)), 99, new RandomStream(7));

        Assert.Equal((Run().PValue, Run().Auc), (Run().PValue, Run().Auc));
    }

    private static DomainClassifier Test(FeatureMatrix source, FeatureMatrix target, int permutations, RandomStream? random = null) =>
        DomainClassifier.Test(Gram.Of(source, target), source.Rows, [.. Enumerable.Range(0, source.Rows + target.Rows)], permutations, random ?? new RandomStream(1));
}
