using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class PlattScalingTests
{
    [Fact]
    public void Fit_TenScores_AgreesWithScikitLearn()
    {
        // The oracle: scikit-learn 1.2.1, LogisticRegression(penalty=None) with every score twice, weighted by Platt's smoothed targets.
        var fitted = PlattScaling.Fit([-2.1, -1.3, -.4, .2, .5, -.3, .8, 1.9, 2.5, .1], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        Assert.Equal(.84695798, fitted.Slope, 1e-6);
        Assert.Equal(-.15203568, fitted.Offset, 1e-6);
    }

    [Fact]
    public void Fit_EqualScores_GivesTheSmoothedFrequency() =>
        Assert.Equal(.5, PlattScaling.Fit([2, 2, 2, 2], [0, 1, 0, 1]).Probability(2), 1e-6);

    [Fact]
    public void WhenItHelps_CalibratedScores_ReturnsIdentity()
    {
        // Scores of +-log 3, right three times in four: calibrated as they are.
        var labels = Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 0 : 1).Concat(Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 1 : 0)).ToArray();
        var scores = Enumerable.Range(0, 80).Select(i => i < 40 ? Math.Log(3) : -Math.Log(3)).ToArray();
        Assert.Equal(PlattScaling.Identity, PlattScaling.WhenItHelps(scores, labels, [.. Enumerable.Range(0, 80).Select(i => i / 4 % 5)]));
    }

    [Fact]
    public void WhenItHelps_OverconfidentScores_LowersTheSlope()
    {
        var labels = Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 0 : 1).Concat(Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? 1 : 0)).ToArray();
        var scores = Enumerable.Range(0, 80).Select(i => i < 40 ? 8d : -8).ToArray();
        var scaling = PlattScaling.WhenItHelps(scores, labels, [.. Enumerable.Range(0, 80).Select(i => i / 4 % 5)]);
        Assert.InRange(scaling.Probability(8), .70, .76);
    }
}
