using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class PredictionEntropyTests
{
    [Fact]
    public void Score_KnownPredictions_IsMinusTheirEntropy()
    {
        Assert.Equal(-Math.Log(2), new PredictionEntropy().Score(Trials.Constant(.5f, .5f, 0)), 1e-7);
        Assert.Equal(0, new PredictionEntropy().Score(Trials.Constant(0, 1, 0)), 1e-12);
    }
}
