using MLNetTransfer.Benchmarks.Transferability;
using MLNetTransfer.Torch.Pretraining.Formulas;

namespace MLNetTransfer.Torch.Tests.Transferability;

public sealed class ClassSplitTests
{
    [Theory]
    [InlineData(Similarity.Similar, 1, 40)]
    [InlineData(Similarity.Similar, 2, 160)]
    [InlineData(Similarity.Dissimilar, 1, 40)]
    [InlineData(Similarity.Dissimilar, 2, 160)]
    internal void Of_AnySeed_TasksAreDisjointAndOfTheAskedSize(Similarity similarity, int seed, int classes)
    {
        var split = ClassSplit.Of(similarity, seed, classes);
        Assert.Equal(classes, split.A.Count);
        Assert.Equal(classes, split.B.Count);
        int[] both = [.. split.A, .. split.B];
        Assert.Equal(2 * classes, both.Distinct().Count());
        Assert.All(both, formula => Assert.InRange(formula, 0, FormulaImages.Classes - 1));
    }

    [Fact]
    public void Of_ManySeeds_EveryFormulaIsOnBothSidesOnce()
    {
        ClassSplit[] splits = [.. Enumerable.Range(1, 150).Select(seed => ClassSplit.Of(Similarity.Similar, seed, 40))];
        Assert.Equal(FormulaImages.Classes, splits.SelectMany(split => split.A).Distinct().Count());
        Assert.Equal(FormulaImages.Classes, splits.SelectMany(split => split.B).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_Dissimilar_NoFamilyIsOnBothSides(int seed)
    {
        string[] families = [.. FormulaImages.Families.SelectMany(family => Enumerable.Repeat(family.Name, family.Classes))];
        var split = ClassSplit.Of(Similarity.Dissimilar, seed, 40);
        Assert.Empty(split.A.Select(formula => families[formula]).Intersect(split.B.Select(formula => families[formula])));
    }

    [Fact]
    public void Of_DissimilarAtMost_AllTexturesOnOneSideThatTurnsWithTheSeed()
    {
        var (odd, even) = (ClassSplit.Of(Similarity.Dissimilar, 1, ClassSplit.Most), ClassSplit.Of(Similarity.Dissimilar, 2, ClassSplit.Most));
        Assert.Equal(odd.A, even.B);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(161)]
    public void Of_TooFewOrTooMany_SaysTheRange(int classes) =>
        Assert.Contains("2 to 160", Assert.Throws<TransferException>(() => ClassSplit.Of(Similarity.Similar, 1, classes)).Message, StringComparison.Ordinal);
}
