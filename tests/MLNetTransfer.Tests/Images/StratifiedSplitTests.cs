using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Images;

public sealed class StratifiedSplitTests
{
    [Fact]
    public void Folds_NoCopies_DealsEveryClassEvenly()
    {
        int[] labels = [.. Enumerable.Repeat(0, 53), .. Enumerable.Repeat(1, 31)];
        var folds = StratifiedSplit.Folds(labels, Enumerable.Range(0, labels.Length).ToArray(), 10, seed: 1);
        Assert.Equal([8, 8, 8, 8, 8, 8, 9, 9, 9, 9], Enumerable.Range(0, 10).Select(fold => folds.Count(f => f == fold)).Order());
        Assert.All(Enumerable.Range(0, 10), fold => Assert.InRange(Count(labels, folds, 0, fold), 5, 6));
        Assert.All(Enumerable.Range(0, 10), fold => Assert.InRange(Count(labels, folds, 1, fold), 3, 4));
    }

    [Fact]
    public void Folds_RandomGroups_NeverStraddleAndStayEven()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var (labels, groups, largest) = RandomProblem(seed);
            var folds = StratifiedSplit.Folds(labels, groups, 5, seed);
            foreach (var group in Enumerable.Range(0, labels.Length).GroupBy(image => groups[image]))
                Assert.Single(group.Select(image => folds[image]).Distinct());
            for (var label = 0; label < 3; label++)
            {
                var counts = Enumerable.Range(0, 5).Select(fold => Count(labels, folds, label, fold)).ToArray();
                Assert.InRange(counts.Max() - counts.Min(), 0, largest);
                Assert.True(counts.Min() > 0);
            }
        }
    }

    [Fact]
    public void HeldOut_RandomGroups_NeverStraddleAndMeetTheShare()
    {
        for (var seed = 0; seed < 50; seed++)
            foreach (var fraction in new[] { 0.1, 0.25, 0.5, 0.9 })
            {
                var (labels, groups, largest) = RandomProblem(seed);
                var isHeldOut = StratifiedSplit.HeldOut(labels, groups, fraction, seed);
                foreach (var group in Enumerable.Range(0, labels.Length).GroupBy(image => groups[image]))
                    Assert.Single(group.Select(image => isHeldOut[image]).Distinct());
                for (var label = 0; label < 3; label++)
                {
                    var total = labels.Count(l => l == label);
                    Assert.Equal(fraction * total, Count(labels, isHeldOut, label, true), (double)largest);
                    Assert.InRange(Count(labels, isHeldOut, label, true), 1, total - 1);
                }
            }
    }

    [Fact]
    public void FoldsAndHeldOut_Seed_DecidesTheSplit()
    {
        var (labels, groups, _) = RandomProblem(seed: 1);
        Assert.Equal(StratifiedSplit.Folds(labels, groups, 5, 1), StratifiedSplit.Folds(labels, groups, 5, 1));
        Assert.NotEqual(StratifiedSplit.Folds(labels, groups, 5, 1), StratifiedSplit.Folds(labels, groups, 5, 2));
        Assert.Equal(StratifiedSplit.HeldOut(labels, groups, 0.3, 1), StratifiedSplit.HeldOut(labels, groups, 0.3, 1));
        Assert.NotEqual(StratifiedSplit.HeldOut(labels, groups, 0.3, 1), StratifiedSplit.HeldOut(labels, groups, 0.3, 2));
    }

    /// <summary>The split of a seed is a contract: a model card must reproduce its run with a later version.</summary>
    [Fact]
    public void Folds_OneSeed_IsTheSameInEveryVersion() =>
        Assert.Equal("0011101100", string.Join("", StratifiedSplit.Folds([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2, seed: 7)));

    /// <summary>Copies that were labelled differently stay together all the same.</summary>
    [Fact]
    public void Folds_GroupWithContradictoryLabels_DoesNotStraddle()
    {
        var folds = StratifiedSplit.Folds([0, 1, 0, 0, 1, 1], [0, 0, 1, 2, 3, 4], 2, seed: 1);
        Assert.Equal(folds[0], folds[1]);
    }

    [Fact]
    public void HeldOut_TwoImages_LeavesOneOnEachSide() =>
        Assert.Single(StratifiedSplit.HeldOut([0, 0], [0, 1], 0.9, seed: 1), isHeldOut => isHeldOut);

    [Fact]
    public void Folds_TooFewGroups_SaysWhatToDo() =>
        Assert.Equal(
            "Splitting into 3 folds needs 3 or more different images of each class (copies count once); received 2 of 'cat'. "
            + "Add images of that class, or ask for 2 folds or fewer.",
            Assert.Throws<TransferException>(() => StratifiedSplit.Folds([0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 3, 4], 3, 1, ["cat", "dog"])).Message);

    [Fact]
    public void HeldOut_OneGroup_SaysWhatToDo() =>
        Assert.Contains("received 1 of class 1", Assert.Throws<TransferException>(() => StratifiedSplit.HeldOut([0, 0, 1, 1], [0, 1, 2, 2], 0.5, 1)).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void HeldOut_FractionOutOfRange_IsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.HeldOut([0, 0], [0, 1], fraction, 1));

    private static int Count<T>(int[] labels, T[] parts, int label, T part) =>
        labels.Zip(parts).Count(pair => pair.First == label && Equals(pair.Second, part));

    /// <summary>Three unequal classes; groups of one to four images of one class, in mixed order.</summary>
    private static (int[] Labels, int[] Groups, int Largest) RandomProblem(int seed)
    {
        var random = new Random(seed);
        var images = new List<(int Label, int Group)>();
        for (var group = 0; group < 60; group++)
        {
            var label = group < 10 ? 0 : group < 25 ? 1 : 2;
            images.AddRange(Enumerable.Repeat((label, group), random.Next(4) == 0 ? random.Next(2, 5) : 1));
        }
        var shuffled = images.ToArray();
        random.Shuffle(shuffled);
        return (shuffled.Select(image => image.Label).ToArray(), shuffled.Select(image => image.Group).ToArray(), 4);
    }
}
