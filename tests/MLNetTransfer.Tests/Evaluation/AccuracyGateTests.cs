using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

public sealed class AccuracyGateTests
{
    // Of 20 images 19 are right: 9 of 10 "no", 10 of 10 "yes". AUC by hand: 99 of 100 pairs in order and one tied.
    private static readonly EvaluationResult Nineteen = Examples.Binary(
        [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 10)], [.. Enumerable.Repeat(.1f, 9), .6f, .6f, .. Enumerable.Repeat(.9f, 9)]);

    [Fact]
    public void Check_EverythingJustReached_Passes()
    {
        var result = new AccuracyGate { MinAccuracy = .95, MinAuc = .995, MinRecallPerClass = .9, MinImages = 20 }.Check(Nineteen);

        Assert.True(result.Passed);
        Assert.Equal("passed", result.ToString());
    }

    [Fact]
    public void Check_EverythingMissed_SaysEachWithItsNumbers()
    {
        var result = new AccuracyGate { MinAccuracy = .96, MinAuc = .999, MinRecallPerClass = .95, MinImages = 100 }.Check(Nineteen);

        Assert.False(result.Passed);
        Assert.Equal(
        [
            "20 images are fewer than 100",
            "accuracy 0.950 [0.764, 0.991] on 20 images is below 0.96",
            "AUC 0.995 on 20 images is below 0.999",
            "recall of 'no' 0.900 on 10 images is below 0.95",
        ], result.Failures);
    }

    [Fact]
    public void Check_AccuracyMissedByLittle_ShowsTheDecimalsThatTell()
    {
        var result = new AccuracyGate { MinAccuracy = .95004 }.Check(Nineteen);

        Assert.StartsWith("accuracy 0.950 [", Assert.Single(result.Failures), StringComparison.Ordinal);
        Assert.StartsWith("accuracy 0.6666667 [",
            Assert.Single(new AccuracyGate { MinAccuracy = .6666669 }.Check(Examples.Binary([1, 1, 0], [.9f, .9f, .9f])).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_UndefinedFigures_FailAndSayWhy()
    {
        var result = new AccuracyGate { MinAuc = 0, MinRecallPerClass = 0 }.Check(Examples.Binary([1, 1], [.9f, .8f]));

        Assert.Equal(
        [
            "AUC is undefined, because only one class occurs among the images",
            "recall of 'no' is undefined, because none of the images is of that class",
        ], result.Failures);
    }

    [Theory]
    [InlineData(95)]
    [InlineData(-.1)]
    [InlineData(double.NaN)]
    public void Minimum_NoShare_Throws(double minimum)
    {
        Assert.Contains("Write 95 % as 0.95", Assert.Throws<TransferException>(() => new AccuracyGate { MinAccuracy = minimum }).Message, StringComparison.Ordinal);
        Assert.Throws<TransferException>(() => new AccuracyGate { MinAuc = minimum });
        Assert.Throws<TransferException>(() => new AccuracyGate { MinRecallPerClass = minimum });
        Assert.Throws<TransferException>(() => new AccuracyGate { MinImages = 0 });
    }
}
