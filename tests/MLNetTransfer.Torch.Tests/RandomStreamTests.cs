namespace MLNetTransfer.Torch.Tests;

/// <summary>Pretraining draws image n from <see cref="RandomStream.At"/>(n): neighbours must not know each other.</summary>
public sealed class RandomStreamTests
{
    private const int Count = 20_000;

    [Fact]
    public void At_SameItem_SameNumbersHoweverMuchWasDrawn()
    {
        var stream = RandomStream.Derive(1, "items");
        var expected = Enumerable.Range(0, 8).Select(i => stream.At(i).NextUInt64()).ToArray();
        var drawn = stream.At(3);
        for (var i = 0; i < 1000; i++)
            drawn.NextUInt64();
        Assert.Equal(expected, Enumerable.Range(0, 8).Reverse().Select(i => stream.At(i).NextUInt64()).Reverse());
    }

    [Fact]
    public void At_NeighbouringItems_AreUniformAndUncorrelated()
    {
        // A correlation of independent numbers has deviation 1 / sqrt(n); their mean 1 / sqrt(12 n). Five deviations are never left by chance.
        var stream = RandomStream.Derive(1, "items");
        var first = new double[Count];
        var second = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            var item = stream.At(i);
            (first[i], second[i]) = (item.NextDouble(), item.NextDouble());
        }

        Assert.Equal(0.5, first.Average(), 5 / Math.Sqrt(12.0 * Count));
        Assert.Equal(0.5, second.Average(), 5 / Math.Sqrt(12.0 * Count));
        Assert.Equal(0, Correlation(first, second), 5 / Math.Sqrt(Count));
        Assert.Equal(0, Correlation(first[1..], first[..^1]), 5 / Math.Sqrt(Count));
        Assert.Equal(0, Correlation(first[1..], second[..^1]), 5 / Math.Sqrt(Count));
    }

    [Fact]
    public void At_ManyItems_ShareNoNumbers()
    {
        var stream = RandomStream.Derive(1, "items");
        var numbers = new HashSet<ulong>();
        for (var i = 0; i < 2000; i++)
        {
            var item = stream.At(i);
            for (var draw = 0; draw < 50; draw++)
                Assert.True(numbers.Add(item.NextUInt64()), $"Item {i} repeats a number of another one at draw {draw}.");
        }
    }

    private static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
