using MLNetTransfer.Evaluation;
using MLNetTransfer.Torch.Experiments;

namespace MLNetTransfer.Torch.Tests.Experiments;

public sealed class StatisticsTests
{
    /// <summary>scipy.stats.binomtest(better, better + worse).pvalue, SciPy 1.10.1.</summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(7, 1, 0.0703125)]
    [InlineData(1, 7, 0.0703125)]
    [InlineData(12, 12, 1)]
    [InlineData(30, 11, 0.00432400493446039)]
    [InlineData(400, 350, 0.0735077740584349)]
    [InlineData(150, 0, 1.401298464324817e-45)]
    public void SignTest_PValue_IsThatOfTheExactBinomialTest(int better, int worse, double expected) =>
        Assert.Equal(1, SignTest.PValue(better, worse) / expected, 1e-9);

    /// <summary>scipy.stats.wilcoxon(differences, method='exact').pvalue; where there are ties or zeros, which SciPy approximates, all signs of scipy.stats.rankdata counted one by one.</summary>
    [Theory]
    [InlineData(0.03125, .01, .02, .035, .05, .07, .11)]
    [InlineData(0.109375, .01, -.02, .035, .05, .07, .11, -.005)]
    [InlineData(0.12939453125, .3, -.1, .2, .25, -.05, .4, .15, .22, -.33, .01, .02, .07)]
    [InlineData(0.203125, .25, -.25, .5, .5, .75, 0d, -.5, 1d)]
    [InlineData(0.03125, .25, .25, .25, .25, .25, .25)]
    [InlineData(0.3125, 0d, 0d, .5, -.5, .5, .5, .75)]
    public void SignedRank_PValue_IsThatOfAllSigns(double expected, params double[] differences) => Assert.Equal(expected, SignedRank.PValue(differences)!.Value, 1e-12);

    [Fact]
    public void SignedRank_NoDifference_HasNoPValue() => Assert.Null(SignedRank.PValue([0, 0, 0]));

    [Fact]
    public void Ranks_EqualValues_ShareTheMeanOfTheirRanks_AndNaNComesLast()
    {
        Assert.Equal([5, 3, 3, 6, 1, 3, 7], Ranks.Of([.5, .7, .7, .2, .9, .7, .1]));
        Assert.Equal([3.5, 1, 3.5, 2], Ranks.Of([double.NaN, .7, double.NaN, .2]));
    }

    [Fact]
    public void MeanInterval_OfOneEstimate_IsItsOwn()
    {
        var wilson = Interval.Wilson(174, 300);

        var interval = MeanInterval.Of(.58, [(.58, wilson.Low, wilson.High)]);

        Assert.Equal(wilson.Low, interval.Low, 1e-15);
        Assert.Equal(wilson.High, interval.High, 1e-15);
    }

    /// <summary>For normal estimates the rule is the textbook's: variances add up.</summary>
    [Fact]
    public void MeanInterval_OfSymmetricEstimates_AddsTheirVariances()
    {
        var interval = MeanInterval.Of(.6, [(.5, .5 - .03, .5 + .03), (.7, .7 - .04, .7 + .04)]);

        Assert.Equal(.6 - .025, interval.Low, 1e-12);
        Assert.Equal(.6 + .025, interval.High, 1e-12);
    }

    /// <summary>How often the interval of a mean over two pairs holds the true mean, against the 95 % it promises.</summary>
    [Fact]
    public void MeanInterval_OfDrawnAccuracies_CoversTheTruth()
    {
        var (random, covered) = (RandomStream.Derive(5, "coverage"), 0);
        const int Draws = 4000;
        for (var draw = 0; draw < Draws; draw++)
        {
            var estimates = new[] { (Truth: .9, Images: 60), (Truth: .6, Images: 90) }.Select(pair =>
            {
                var right = Enumerable.Range(0, pair.Images).Count(_ => random.NextDouble() < pair.Truth);
                var interval = Interval.Wilson(right, pair.Images);
                return ((double)right / pair.Images, interval.Low, interval.High);
            }).ToArray();
            var found = MeanInterval.Of(estimates.Average(estimate => estimate.Item1), estimates);
            covered += found.Low <= .75 && .75 <= found.High ? 1 : 0;
        }

        Assert.InRange((double)covered / Draws, .935, .965);
    }

    [Fact]
    public void OfShare_OfAWholeNumberOfTrials_IsWilsons()
    {
        Assert.Equal(Interval.Wilson(174, 300), Interval.OfShare(.58, 300));
        Assert.Equal(0, Interval.OfShare(0, 7).Low);
        Assert.Equal(1, Interval.OfShare(1, 7).High);
    }
}
