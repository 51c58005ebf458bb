using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class UlsifTests
{
    [Fact]
    public void Weights_TwoGaussians_FollowTheRatioOfDensities() => Gaussians.AssertFollowRatio(new Ulsif().Weights(Gaussians.Problem, seed: 1));

    /// <summary>The closed form against fits that really leave a pair out.</summary>
    [Theory]
    [InlineData(.01)]
    [InlineData(1)]
    public void LeaveOneOutError_Waves_IsThatOfLeavingOut(double ridge)
    {
        var (source, target) = Kernels();
        var error = 0d;
        for (var i = 0; i < 20; i++)
        {
            Matrix Without(Matrix rows) => rows.SelectRows([.. Enumerable.Range(0, rows.Rows).Where(row => row != i)]);
            var coefficients = Ulsif.Fit(Without(source), Without(target), ridge);
            double Ratio(Matrix rows) => rows.SelectRows([i]).Times(coefficients)[0, 0];
            error += ((Ratio(source) * Ratio(source) / 2) - Ratio(target)) / 20;
        }

        Assert.Equal(error, Ulsif.LeaveOneOutError(source, target, ridge), 1e-9);
    }

    /// <summary>Where no coefficient is cut off, the slope of the penalised squared error is 0.</summary>
    [Fact]
    public void Fit_LargeRidge_SolvesTheNormalEquations()
    {
        var (source, target) = Kernels();
        var a = Ulsif.Fit(source, target, 5);
        Assert.All(a.Values.ToArray(), value => Assert.True(value > 0));

        var slope = source.TransposedTimes(source.Times(a)).Scaled(1 / 24.0).Plus(a, 5).Values.ToArray();

        Waves.AssertEqual(target.ColumnMeans(), slope, 1e-9);
    }

    private static (Matrix Source, Matrix Target) Kernels()
    {
        var centres = Waves.TargetRows.SelectRows([.. Enumerable.Range(0, 6)]);
        return (Distances.Gaussian(Distances.Squared(Waves.SourceRows, centres), 2), Distances.Gaussian(Distances.Squared(Waves.TargetRows, centres), 2));
    }
}
