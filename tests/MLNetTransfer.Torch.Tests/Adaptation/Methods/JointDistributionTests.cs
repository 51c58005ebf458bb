using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class JointDistributionTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfScipy() => Waves.AssertEqual(
        [1.78853444, 1.07415844, 9.28252057, 1.50731577, 1.21852105, 3.57697281, 4.85696804, 3.13395485, 3.1001419],
        Waves.Distances(new JointDistribution { Dimensions = 3, Iterations = 4 }));
}
