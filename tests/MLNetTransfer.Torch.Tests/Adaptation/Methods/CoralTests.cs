using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class CoralTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfScipy() => Waves.AssertEqual(
        [5.8061964, 2.56560424, 10.9930565, 2.44643572, 4.41469072, 8.51679556, 10.5255517, 6.66143869, 4.72843566], Waves.Distances(new Coral()));

    [Fact]
    public void Adapt_SmallRegularisation_GivesTheTargetsMeanAndCovariance()
    {
        var source = Mathematics.MatrixTests.Of(Waves.Adapted(new Coral { Regularisation = 1e-9 }).Training.Features);

        Waves.AssertEqual(Waves.TargetRows.ColumnMeans(), source.ColumnMeans());
        Waves.AssertEqual(Waves.TargetRows.Covariance().Values.ToArray(), source.Covariance().Values.ToArray(), 1e-3);
    }
}
