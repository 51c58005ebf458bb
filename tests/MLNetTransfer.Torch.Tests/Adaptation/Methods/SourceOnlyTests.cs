using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class SourceOnlyTests
{
    [Fact]
    public void Adapt_Waves_TrainsOnTheSourceAsItIs()
    {
        var (training, target, weights) = Waves.Adapted(new SourceOnly());

        Assert.Same(Waves.Source, training);
        Assert.Same(Waves.Target.Features, target);
        Assert.Null(weights);
    }
}
