using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class BatchKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(45)]
    public void Dot_AnyLength_IsTheSumOfProductsAndTheSameBitsAloneAndTogether(int length)
    {
        var (rows, columns) = (Vectors(4, length, seed: 1), Vectors(3, length, seed: 2));
        var together = Enumerable.Repeat(1f, 12).ToArray();
        BatchKernels.Dot(rows[0], rows[1], rows[2], rows[3], columns[0], columns[1], columns[2], together);
        for (var k = 0; k < 3; k++)
        {
            var alone = Enumerable.Repeat(1f, 12).ToArray();
            BatchKernels.Dot(rows[0], rows[1], rows[2], rows[3], columns[k], alone);
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(1 + rows[i].Zip(columns[k], (x, w) => (double)x * w).Sum(), together[i * 3 + k], 1e-4);
                Assert.Equal(alone[i * 3], together[i * 3 + k]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(45)]
    public void MultiplyAdd_AnyLength_AddsMultiplesAndTheSameBitsAloneAndTogether(int length)
    {
        var (rows, targets, factors) = (Vectors(4, length, seed: 1), Vectors(3, length, seed: 2), Vectors(1, 12, seed: 3)[0]);
        var together = targets.Select(target => target.ToArray()).ToArray();
        BatchKernels.MultiplyAdd(rows[0], rows[1], rows[2], rows[3], factors, together[0], together[1], together[2]);
        for (var k = 0; k < 3; k++)
        {
            var alone = targets[k].ToArray();
            BatchKernels.MultiplyAdd(rows[0], rows[1], rows[2], rows[3], factors.AsSpan(k), alone);
            Assert.Equal(alone, together[k]);
            for (var j = 0; j < length; j++)
                Assert.Equal(targets[k][j] + Enumerable.Range(0, 4).Sum(i => (double)rows[i][j] * factors[i * 3 + k]), together[k][j], 1e-5);
        }
    }

    private static float[][] Vectors(int count, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1).ToArray())];
    }
}
