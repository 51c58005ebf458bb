using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class KernelMeanMatchingTests
{
    [Fact]
    public void Weights_TwoGaussians_FollowTheRatioOfDensities() => Gaussians.AssertFollowRatio(
        new KernelMeanMatching().Weights(Matrix.From(Gaussians.Problem.Source.Features), Matrix.From(Gaussians.Problem.Target.Features)), error: .35);

    /// <summary>The objective is that of scipy (SLSQP) on the same problem; see expected.py.</summary>
    [Fact]
    public void Minimise_Waves_ReachesTheObjectiveOfScipyWithinItsBounds()
    {
        var kernel = Kernel(Waves.SourceRows, Waves.SourceRows);
        double[] linear = [.. Enumerable.Range(0, 24).Select(row => Kernel(Waves.SourceRows, Waves.TargetRows).Row(row).ToArray().Sum() * 24 / 20)];

        var x = BoxedQuadratic.Minimise(kernel, linear, 1.5, 10, 100, tolerance: 1e-8);

        Assert.All(x, weight => Assert.InRange(weight, 0, 1.5));
        Assert.Equal(10, x.Sum(), 1e-6);
        var product = kernel.Times(new Matrix(24, 1, x)).Values.ToArray();
        Assert.Equal(-4.7220258916, x.Select((weight, i) => weight * ((product[i] / 2) - linear[i])).Sum(), 1e-5);
    }

    /// <summary>Karush, Kuhn and Tucker: one multiplier of the sum; the slope is at least that at weights of 0, at most that at the limit, equal between.</summary>
    [Fact]
    public void Minimise_Waves_MeetsTheOptimalityConditions()
    {
        var kernel = Kernel(Waves.SourceRows, Waves.SourceRows);
        double[] linear = [.. Enumerable.Range(0, 24).Select(row => Kernel(Waves.SourceRows, Waves.TargetRows).Row(row).ToArray().Sum() * 24 / 20)];
        var x = BoxedQuadratic.Minimise(kernel, linear, 1.5, 10, 100, tolerance: 1e-10);
        double[] slope = [.. kernel.Times(new Matrix(24, 1, x)).Values.ToArray().Select((value, i) => value - linear[i])];
        double[] between = [.. Enumerable.Range(0, 24).Where(i => x[i] is > 1e-4 and < 1.4999).Select(i => slope[i])];

        Assert.True(between.Length > 2);
        var multiplier = between.Average();
        Assert.True(multiplier > 0);
        for (var i = 0; i < 24; i++)
            Assert.InRange(slope[i] - multiplier, x[i] >= 1.4999 ? double.NegativeInfinity : -2e-3, x[i] <= 1e-4 ? double.PositiveInfinity : 2e-3);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3, 4)]
    [InlineData(0, 1)]
    public void Project_AnyPoint_IsTheNearestOfManyInside(double low, double high)
    {
        double[] point = [2, -.5, .3, .9];
        var nearest = BoxedQuadratic.Project(point, 1, low, high);
        var random = RandomStream.Derive(1, "inside");

        Assert.InRange(nearest.Sum(), low - 1e-9, high + 1e-9);
        for (var i = 0; i < 2000; i++)
        {
            double[] other = [.. point.Select(_ => random.NextDouble())];
            if (other.Sum() >= low && other.Sum() <= high)
                Assert.True(Squared(point, nearest) <= Squared(point, other));
        }
    }

    private static double Squared(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private static Matrix Kernel(Matrix a, Matrix b) => Distances.Gaussian(Distances.Squared(a, b), 1);
}
