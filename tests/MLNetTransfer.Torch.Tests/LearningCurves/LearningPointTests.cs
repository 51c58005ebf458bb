using MLNetTransfer.Torch.LearningCurves;

namespace MLNetTransfer.Torch.Tests.LearningCurves;

public sealed class LearningPointTests
{
    // Quantiles of Student's t in closed form for 1, 2 and 4 degrees of freedom (W. Shaw, "Sampling Student's T distribution", 2006); a table for more.
    [Theory]
    [InlineData(2, 12.70620)]
    [InlineData(3, 4.30265)]
    [InlineData(5, 2.77645)]
    [InlineData(11, 2.22814)]
    [InlineData(12, 2.20099)]
    [InlineData(16, 2.13145)]
    [InlineData(31, 2.04227)]
    [InlineData(101, 1.98397)]
    public void Interval_OfDraws_IsStudentsT(int draws, double quantile)
    {
        if (draws == 2)
            Assert.Equal(Math.Tan(Math.PI * 0.475), quantile, 1e-4);
        if (draws == 3)
            Assert.Equal(0.95 * Math.Sqrt(2 / (4 * 0.975 * 0.025)), quantile, 1e-4);
        if (draws == 5)
        {
            var root = Math.Sqrt(4 * 0.975 * 0.025);
            Assert.Equal(2 * Math.Sqrt(Math.Cos(Math.Acos(root) / 3) / root - 1), quantile, 1e-4);
        }
        // Alternately a little above and below a half, so that neither end is cut off at 0 or 1.
        double[] accuracies = [.. Enumerable.Range(0, draws).Select(i => i % 2 == 0 ? 0.49 : 0.51)];
        var mean = accuracies.Sum() / draws;
        var error = Math.Sqrt(accuracies.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (draws - 1) / draws);

        var point = new LearningPoint(LearningMode.Frozen, 5, accuracies);

        Assert.Equal(mean, point.Accuracy, 1e-12);
        Assert.Equal(mean - quantile * error, point.Interval.Low, 2e-4 * error);
        Assert.Equal(mean + quantile * error, point.Interval.High, 2e-4 * error);
    }

    [Fact]
    public void Interval_BeyondWhatAccuracyCanBe_IsCutOff()
    {
        var interval = new LearningPoint(LearningMode.Frozen, 1, [0, 1]).Interval;

        Assert.Equal((0d, 1d), (interval.Low, interval.High));
    }

    [Fact]
    public void Interval_OfOneDraw_IsItsAccuracy()
    {
        var interval = new LearningPoint(LearningMode.Frozen, 1, [0.7]).Interval;

        Assert.Equal((0.7, 0.7), (interval.Low, interval.High));
    }
}
