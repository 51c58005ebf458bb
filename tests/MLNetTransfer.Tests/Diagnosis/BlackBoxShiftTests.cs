using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class BlackBoxShiftTests
{
    // A head that is right on 8 of 10 'a' and on 9 of 10 'b'. Of a target with 30 % 'a' it calls .3 x .8 + .7 x .1 = 31 % 'a'.
    private static readonly int[] Labels = [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 10)];
    private static readonly int[] Predictions = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    private static readonly int[] Target = [.. Enumerable.Repeat(0, 31), .. Enumerable.Repeat(1, 69)];

    [Fact]
    public void Shares_AConstructedConfusion_AreExact()
    {
        var shares = BlackBoxShift.Shares(2, Labels, Predictions, Target)!;

        Assert.Equal(.3, shares[0], 1e-12);
        Assert.Equal(.7, shares[1], 1e-12);
    }

    // Columns: what 10 images of each of three classes are called; the target has them as 1 : 2 : 7.
    [Fact]
    public void Shares_ThreeUnequalClasses_AreExact()
    {
        int[] labels = [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 10)];
        int[] predictions = [.. Called(8, 1, 1), .. Called(4, 14, 2), .. Called(0, 3, 7)];
        // 100 of class 0 (80, 10, 10), 200 of class 1 (40, 140, 20), 700 of class 2 (0, 210, 490).
        int[] target = [.. Called(80 + 40, 10 + 140 + 210, 10 + 20 + 490)];

        var shares = BlackBoxShift.Shares(3, labels, predictions, target)!;

        Assert.Equal(.1, shares[0], 1e-12);
        Assert.Equal(.2, shares[1], 1e-12);
        Assert.Equal(.7, shares[2], 1e-12);
    }

    [Fact]
    public void Shares_AHeadThatGuesses_AreNotDetermined() =>
        Assert.Null(BlackBoxShift.Shares(2, [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1]));

    [Fact]
    public void Estimate_OtherProportions_AreInTheIntervalAndDiffer()
    {
        int[] labels = [.. Enumerable.Range(0, 10).SelectMany(_ => Labels)];
        int[] predictions = [.. Enumerable.Range(0, 10).SelectMany(_ => Predictions)];

        int[] target = [.. Enumerable.Range(0, 5).SelectMany(_ => Target)];

        var shift = BlackBoxShift.Estimate(["a", "b"], labels, predictions, target, 999, new RandomStream(1))!;

        Assert.True(shift.Differs);
        Assert.Equal(.3, shift.TargetShares[0], 1e-12);
        Assert.True(shift.Intervals[0].Low < .3 && .3 < shift.Intervals[0].High && shift.Intervals[0].High < .5);
        Assert.Equal(.85, shift.SourceHeadAccuracy, 1e-12);
    }

    [Fact]
    public void Estimate_TheSameProportions_DoNotDiffer()
    {
        int[] target = [.. Enumerable.Repeat(0, 45), .. Enumerable.Repeat(1, 55)];

        Assert.False(BlackBoxShift.Estimate(["a", "b"], Labels, Predictions, target, 999, new RandomStream(1))!.Differs);
    }

    // Fisher's exact test, two-sided, is the permutation test of two classes: scipy 1.10 says .034965 for 8 of 10 against 1 of 6.
    [Fact]
    public void PValue_TwoClasses_IsThatOfFishersExactTest() =>
        Assert.Equal(.034965, BlackBoxShift.PValue(2, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1], [0, 1, 1, 1, 1, 1], 20_000, new RandomStream(1)), .004);

    [Fact]
    public void Estimate_AClassThatIsNeverPredicted_IsNull() =>
        Assert.Null(BlackBoxShift.Estimate(["a", "b"], Labels, new int[20], [0, 0, 0], 999, new RandomStream(1)));

    private static int[] Called(params int[] counts) => [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];
}
