using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class DecisionThresholdTests
{
    [Fact]
    public void Choose_SeparatedAroundHalf_KeepsHalf() =>
        Assert.Equal(.5f, DecisionThreshold.Choose([.1, .3, .4, .6, .7, .9], [0, 0, 0, 1, 1, 1]));

    [Fact]
    public void Choose_AllBelowHalf_MovesToWhereTheClassesPart()
    {
        var probabilities = Enumerable.Range(0, 40).Select(i => i < 20 ? .01 + i * .001 : .2 + i * .001).ToArray();
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i / 20)];
        // At .5 no positive is found; everything from the last negative up to the lowest positives is as good as the best.
        Assert.InRange(DecisionThreshold.Choose(probabilities, labels), .029f, .222f);
    }

    [Fact]
    public void Choose_WithinOneStandardErrorOfTheBest_KeepsHalf() =>
        // .45 would be right once more in twenty, which so few images do not show to be better.
        Assert.Equal(.5f, DecisionThreshold.Choose(
            [.1, .1, .2, .2, .3, .3, .3, .35, .36, .4, .47, .6, .7, .7, .8, .8, .8, .9, .9, .9],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
}
