using MLNetTransfer.Torch.Adaptation.Methods;
using TorchSharp;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class DeepAdaptationNetworkTests
{
    [Fact]
    public void Loss_Waves_IsThatOfNumpy() =>
        Assert.Equal(.2814865609774, DeepAdaptationNetwork.Loss(Waves.SourceRows.AsTensor(), Waves.TargetRows.AsTensor()).ToDouble(), 1e-10);

    [Fact]
    public void Loss_SameRows_IsNothing()
    {
        var rows = Waves.SourceRows.AsTensor();

        Assert.Equal(0, DeepAdaptationNetwork.Loss(rows, rows).ToDouble(), 1e-12);
        Assert.Equal(0, DeepAdaptationNetwork.Loss(rows.narrow(0, 0, 1), rows.narrow(0, 0, 1)).ToDouble());
    }

    [Fact]
    public void Adapt_MisleadingShift_IsRightWhereSourceOnlyIsNot() => Misleading.AssertAdaptsToShift(new DeepAdaptationNetwork());
}
