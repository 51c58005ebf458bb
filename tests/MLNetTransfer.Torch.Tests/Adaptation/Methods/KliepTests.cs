using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class KliepTests
{
    [Fact]
    public void Weights_TwoGaussians_FollowTheRatioOfDensities() => Gaussians.AssertFollowRatio(new Kliep().Weights(Gaussians.Problem, seed: 1));

    /// <summary>The mean logarithm is that of scipy (SLSQP) within the duality gap; see expected.py.</summary>
    [Fact]
    public void Fit_Waves_ReachesTheLikelihoodOfScipyUnderTheConstraint()
    {
        var centres = Waves.TargetRows.SelectRows([.. Enumerable.Range(0, 6)]);
        var source = Distances.Gaussian(Distances.Squared(Waves.SourceRows, centres), 1);
        var target = Distances.Gaussian(Distances.Squared(Waves.TargetRows, centres), 1);

        var coefficients = Kliep.Fit(source, target);

        Assert.All(coefficients.Values.ToArray(), value => Assert.True(value >= 0));
        Assert.Equal(1, source.Times(coefficients).ColumnMeans()[0], 1e-9);
        Assert.InRange(target.Times(coefficients).Values.ToArray().Average(Math.Log), 1.8816685 - 1e-3, 1.8816685 + 1e-6);
    }
}
