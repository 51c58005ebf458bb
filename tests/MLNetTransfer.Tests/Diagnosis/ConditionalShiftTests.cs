using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class ConditionalShiftTests
{
    // scipy 1.10: binomtest(..., alternative='greater').
    [Theory]
    [InlineData(15, 20, 0.020694732666015625)]
    [InlineData(60, 70, 4.0024116997278234e-10)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 1)]
    public void SignTest_HeadsOfTosses_IsScipys(int heads, int tosses, double expected) =>
        Assert.Equal(1, ConditionalShiftEvidence.SignTest(heads, tosses) / expected, 1e-9);

    // One class, 3 hits on 6 images; none of the 3 of the target: 1 of 20 ways to deal them.
    [Fact]
    public void DropPValue_SmallExample_IsTheCountOfDeals() =>
        Assert.InRange(ConditionalShift.DropPValue([true, true, true, false, false, false], new int[6], 3, 9999, new RandomStream(1)), .05 - .007, .05 + .007);

    // The head is right on 90 % of one class and 10 % of the other: other proportions of the two alone are no drop.
    [Fact]
    public void DropPValue_OtherProportionsAlone_IsLarge()
    {
        bool[] Hits(int good, int bad) => [.. Enumerable.Range(0, good).Select(i => i % 10 != 0), .. Enumerable.Range(0, bad).Select(i => i % 10 == 0)];
        int[] Labels(int good, int bad) => [.. Enumerable.Repeat(0, good), .. Enumerable.Repeat(1, bad)];

        Assert.True(ConditionalShift.DropPValue([.. Hits(80, 20), .. Hits(20, 80)], [.. Labels(80, 20), .. Labels(20, 80)], 100, 999, new RandomStream(1)) > .3);
    }

    [Fact]
    public void Compare_CopiesInTheSource_DoNotHelpToDecideTheirTargetImages()
    {
        // Labels by lot, the same for both copies: only who learnt the copy is right on more than half.
        var random = new RandomStream(1);
        var features = Problems.Normal(80, 60, random);
        int[] lots = [.. Enumerable.Range(0, 80).Select(_ => random.NextInt32(2))];
        int[] labels = [.. lots, .. lots];
        int[] groups = [.. Enumerable.Range(0, 80), .. Enumerable.Range(0, 80)];
        var heads = ClassHeads.Of(Gram.Of(features, features), labels, 80, 2, groups, random);

        var evidence = ConditionalShift.Compare(heads, labels, 80, 2, groups, 99, random)!;

        Assert.Equal(80, evidence.Images);
        Assert.InRange(evidence.PooledHead, .3, .7);
        Assert.InRange(evidence.SourceHead, .75, 1);
    }

    [Fact]
    public void Compare_FourLabelledImagesOfAClass_IsNull()
    {
        var (source, target) = (Problems.Domain("source", 40, 1), Problems.Domain("target", 40, 1));
        int[] labels = [.. source.Labels!.Select(label => label == "a" ? 0 : 1), .. target.Labels!.Select((label, i) => label == "a" ? i < 4 ? 0 : -1 : 1)];
        int[] groups = [.. Enumerable.Range(0, 80)];
        var heads = ClassHeads.Of(Gram.Of(source.Features, target.Features), labels, 40, 2, groups, new RandomStream(1));

        Assert.Null(ConditionalShift.Compare(heads, labels, 40, 2, groups, 99, new RandomStream(1)));
    }
}
