using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Tests.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Tests.Adaptation;

[Collection(TorchCollection.Name)]
public sealed class FeatureMapTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Then_AffineLayers_AreFoldedWhereNoRectifierIsBetween(bool isRectified, int layers)
    {
        var (first, second) = (new AffineLayer(MatrixTests.Random(4, 3), [.5, -.2, .1], isRectified), new AffineLayer(MatrixTests.Random(3, 2), [1, 2], isRectified: true));
        var rows = MatrixTests.Random(9, 4).ToFeatures();
        FeatureMap one = FeatureMap.Identity(4).Then(first), two = FeatureMap.Identity(3).Then(second);

        var map = one.Then(two);

        Assert.Equal(layers, map.Layers.Count);
        var (expected, actual) = (MatrixTests.Of(two.Apply(one.Apply(rows))).Values.ToArray(), MatrixTests.Of(map.Apply(rows)).Values.ToArray());
        Assert.Contains(0, actual);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Fact]
    public void Then_LayerOfAnotherWidth_IsRefused() =>
        Assert.Throws<ArgumentException>(() => FeatureMap.Identity(4).Then(new AffineLayer(MatrixTests.Random(3, 2), [0, 0])));
}
