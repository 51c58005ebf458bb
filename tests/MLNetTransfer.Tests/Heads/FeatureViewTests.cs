using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class FeatureViewTests
{
    private static readonly FeatureMatrix Matrix = new(2, 5, [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);

    [Fact]
    public void ToMatrix_SeveralRanges_TakesThemInTheirOrder()
    {
        var view = new FeatureView(Matrix, [(3, 2), (0, 1)]);
        Assert.Equal(3, view.Columns);
        Assert.Equal([3, 4, 0], view.ToMatrix().Row(0).ToArray());
        Assert.Equal([13, 14, 10], view.ToMatrix().Row(1).ToArray());
    }

    [Fact]
    public void ToMatrix_AllColumns_IsTheMatrixItself() => Assert.Same(Matrix, new FeatureView(Matrix, [(0, 5)]).ToMatrix());

    [Fact]
    public void Choose_ViewOfSeveralRanges_IsThatOfTheMatrixOfThem()
    {
        var (features, labels) = Sample.Overlapping(60, 20, 2, shift: .7, seed: 4);
        var view = new FeatureView(features, [(11, 7), (0, 3)]);
        var expected = NestedValidation.Predict([new FeatureView(view.ToMatrix())], labels, Sample.Singles(60), 2, new HeadOptions(), 1, CancellationToken.None);
        var actual = NestedValidation.Predict([view], labels, Sample.Singles(60), 2, new HeadOptions(), 1, CancellationToken.None);
        Assert.All(expected.Probabilities.Zip(actual.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
