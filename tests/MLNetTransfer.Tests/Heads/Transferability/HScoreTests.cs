using MLNetTransfer.Heads.Transferability;

namespace MLNetTransfer.Tests.Heads.Transferability;

public sealed class HScoreTests
{
    // The oracles: numpy solves with the features x features covariances as they are written in the papers; the estimate is that of scikit-learn 1.2.1's LedoitWolf.
    [Theory]
    [InlineData("twelve", null, 0.6440700178772661)]
    [InlineData("twelve", 0d, 1.109819360269029)]
    [InlineData("twelve", .3, 0.8263103070678668)]
    [InlineData("wide", null, 2.2740715661929665)]
    [InlineData("wide", .3, 2.674984436671798)]
    [InlineData("tall", null, 0)]
    [InlineData("tall", 0d, 0.6327337451077166)]
    [InlineData("tall", .3, 0.517823930610608)]
    public void Of_Features_IsTheTraceOfThePapers(string sample, double? shrinkage, double expected)
    {
        var (features, labels) = LogMeTests.Named(sample);
        Assert.Equal(expected, HScore.Of(features, labels, shrinkage), 1e-6);
    }

    [Fact]
    public void Of_OneFeature_IsTheShareOfItsVarianceBetweenClasses()
    {
        // Mean 3, variance 5; class means 2 and 4, variance between them 1.
        var features = new FeatureMatrix(4, 1, [0, 4, 2, 6]);
        Assert.Equal(1d / 5, HScore.Of(features, [0, 0, 1, 1], shrinkage: 0), 1e-12);
    }

    [Fact]
    public void Of_FeaturesThatTellThreeClassesApartExactly_IsTwo()
    {
        var features = new FeatureMatrix(6, 2, [0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1]);
        Assert.Equal(2, HScore.Of(features, [0, 0, 1, 1, 2, 2], shrinkage: 0), 1e-9);
    }

    [Fact]
    public void Of_NoShrinkageOfASingularCovariance_IsRefused()
    {
        var (features, labels) = LogMeTests.Named("wide");
        Assert.Contains("50 features that vary in 19 directions on 20 images", Assert.Throws<TransferException>(() => HScore.Of(features, labels, 0)).Message);
    }

    [Fact]
    public void Of_ShrinkageBeyondOne_IsRefused() =>
        Assert.Contains("received 1.5", Assert.Throws<TransferException>(() => HScore.Of(Sample.Twelve, Sample.TwelveLabels, 1.5)).Message);
}
