using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

public sealed class PairedDifferenceTests
{
    // The formula of Bonett and Price 2012 for counts: p = (n + 1) / (N + 2), se^2 = (p12 + p21 - (p12 - p21)^2) / (N + 2).
    [Theory]
    [InlineData(100, 5, 3)]
    [InlineData(100, 0, 0)]
    [InlineData(10, 10, 0)]
    [InlineData(1, 0, 1)]
    public void Of_OneRepetition_IsTheAdjustedWaldInterval(int images, int lost, int won)
    {
        double[] differences = [.. Enumerable.Repeat(-1.0, lost), .. Enumerable.Repeat(1.0, won), .. new double[images - lost - won]];

        var difference = PairedDifference.Of(differences);

        double p12 = (lost + 1.0) / (images + 2), p21 = (won + 1.0) / (images + 2);
        var half = 1.959964 * Math.Sqrt((p12 + p21 - Math.Pow(p12 - p21, 2)) / (images + 2));
        Assert.Equal((won - lost) / (double)images, difference.Value, 1e-12);
        Assert.Equal(Math.Max(-1, p21 - p12 - half), difference.Low, 1e-6);
        Assert.Equal(Math.Min(1, p21 - p12 + half), difference.High, 1e-6);
    }

    [Fact]
    public void Of_SeveralRepetitions_NarrowsTheInterval()
    {
        double[] once = [1, -1, 1, -1, .. new double[96]];
        double[] averaged = [.. once.Select(difference => difference / 3)];

        Assert.True(PairedDifference.Of(averaged).High < PairedDifference.Of(once).High);
    }

    [Fact]
    public void Of_NoImageOrNoDifference_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PairedDifference.Of([]));
        Assert.Throws<ArgumentException>(() => PairedDifference.Of([1.5]));
        Assert.Throws<ArgumentException>(() => PairedDifference.Of([double.NaN]));
    }
}
