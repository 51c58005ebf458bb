using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

public sealed class IntervalTests
{
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", 1998, table I, method 3.
    [Theory]
    [InlineData(81, 263, .2553, .3662)]
    [InlineData(15, 148, .0624, .1605)]
    [InlineData(0, 20, 0, .1611)]
    [InlineData(1, 29, .0061, .1718)]
    public void Wilson_PublishedCases_MatchesTheTable(int successes, int trials, double low, double high)
    {
        var interval = Interval.Wilson(successes, trials);

        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }

    // scipy.stats.binomtest(k, n).proportion_ci(.95, 'wilson'), SciPy 1.10.1
    [Theory]
    [InlineData(145, 153, 0.900223582672342, 0.9732699504158863)]
    [InlineData(29, 29, 0.8830302015002592, 1)]
    public void Wilson_AgainstSciPy_Agrees(int successes, int trials, double low, double high)
    {
        var interval = Interval.Wilson(successes, trials);

        Assert.Equal(low, interval.Low, 1e-12);
        Assert.Equal(high, interval.High, 1e-12);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Wilson_ImpossibleCounts_Throws(int successes, int trials) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Wilson(successes, trials));
}
