using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class WideningKernelsTests
{
    [Fact]
    public void Kernels_EveryLength_AgreeWithPlainLoops()
    {
        for (var length = 0; length < 40; length++)
        {
            var random = new Random(length);
            var rows = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextSingle() - .5f).ToArray()).ToArray();
            var weights = Enumerable.Range(0, length).Select(_ => random.NextDouble() - .5).ToArray();
            double[] sums = [1, 2, 3, 4], target = [.. weights], factors = [.5, -1, 2, 0];

            WideningKernels.Dot(rows[0], rows[1], rows[2], rows[3], weights, sums);
            WideningKernels.MultiplyAdd(rows[0], rows[1], rows[2], rows[3], factors, target);

            for (var i = 0; i < 4; i++)
            {
                var expected = rows[i].Zip(weights, (x, w) => x * w).Sum();
                Assert.Equal(i + 1 + expected, sums[i], 1e-12);
                Assert.Equal(expected, WideningKernels.Dot(rows[i], weights), 1e-12);
            }
            for (var j = 0; j < length; j++)
                Assert.Equal(weights[j] + rows.Zip(factors, (row, factor) => row[j] * factor).Sum(), target[j], 1e-12);
        }
    }
}
