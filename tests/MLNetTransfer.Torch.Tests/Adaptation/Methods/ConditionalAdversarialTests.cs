using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using TorchSharp;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class ConditionalAdversarialTests
{
    [Fact]
    public void Loss_Waves_IsThatOfNumpy()
    {
        var all = Waves.SourceRows.Above(Waves.TargetRows).AsTensor();
        var weights = ConditionalAdversarial.Weights(all.narrow(1, 0, 3));

        Assert.Equal(1.4046406691876, weights[0].ToDouble(), 1e-10);
        Assert.Equal(1.4398100583362, weights[43].ToDouble(), 1e-10);
        Assert.Equal(1.5470309754322, DomainDiscriminator.Loss(all.select(1, 3), 24, weights).ToDouble(), 1e-10);
    }

    [Fact]
    public void Products_Waves_AreThoseOfNumpy()
    {
        var all = Waves.SourceRows.Above(Waves.TargetRows).AsTensor();

        var products = ConditionalAdversarial.Products(all, all.narrow(1, 0, 3));

        Assert.Equal([44, 15], products.shape);
        Waves.AssertEqual([1.57079101, .03212386, .12685713], [.. new[] { 0, 7, 14 }.Select(column => products[30, column].ToDouble())], 1e-6);
    }

    [Fact]
    public void Adapt_MisleadingShift_IsRightWhereSourceOnlyIsNot() => Misleading.AssertAdaptsToShift(new ConditionalAdversarial());
}
