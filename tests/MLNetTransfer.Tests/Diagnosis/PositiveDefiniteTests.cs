using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class PositiveDefiniteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    public void Invert_AMatrix_TimesItIsTheIdentity(int n)
    {
        var random = new RandomStream(1);
        var factor = Enumerable.Range(0, n * n).Select(_ => random.NextNormal()).ToArray();
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                matrix[(i * n) + j] = Enumerable.Range(0, n).Sum(k => factor[(i * n) + k] * factor[(j * n) + k]) + (i == j ? 1 : 0);

        var inverse = PositiveDefinite.Invert(matrix, n);

        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => matrix[(i * n) + k] * inverse[(k * n) + j]), 1e-9);
    }

    [Fact]
    public void Invert_AnIndefiniteMatrix_Throws() =>
        Assert.Throws<ArgumentException>(() => PositiveDefinite.Invert([1, 2, 2, 1], 2));
}
