using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class LinearTransportTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfScipy() => Waves.AssertEqual(
        [5.81377097, 2.5541894, 11.004395, 2.45460768, 4.40598484, 8.50505092, 10.5151528, 6.66737145, 4.73506976], Waves.Distances(new LinearTransport()));

    [Fact]
    public void Map_OfTwoCovariances_IsSymmetricAndTakesOneToTheOther()
    {
        var (source, target) = (Waves.SourceRows.Covariance(), Waves.TargetRows.Covariance());

        var map = LinearTransport.Map(source, target, 1e-12);

        Waves.AssertEqual([.. map.Values], [.. map.Transposed().Values], 1e-8);
        Waves.AssertEqual([.. target.Values], [.. map.Times(source).Times(map).Values], 1e-6);
    }
}
