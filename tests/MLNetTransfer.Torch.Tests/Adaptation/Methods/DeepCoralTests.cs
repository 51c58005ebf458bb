using MLNetTransfer.Torch.Adaptation.Methods;
using TorchSharp;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class DeepCoralTests
{
    [Fact]
    public void Loss_Waves_IsThatOfNumpy() =>
        Assert.Equal(.013236251534, DeepCoral.Loss(Waves.SourceRows.AsTensor(), Waves.TargetRows.AsTensor()).ToDouble(), 1e-10);

    [Fact]
    public void Adapt_MisleadingNoise_IsRightWhereSourceOnlyIsNot() => Misleading.AssertAdaptsToNoise(new DeepCoral());
}
