using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class DeepEmbeddedTests
{
    /// <summary>Where every image is wrong the risk is 1, whatever the weights are: the control variate takes all of their noise away.</summary>
    [Fact]
    public void Risk_AllWrong_IsOneWhateverTheWeights() => Assert.Equal(1, DeepEmbedded.Risk([1, 1, 1, 1], [.1, 3, .7, 2]), 1e-12);

    /// <summary>Weights 1 and 3, errors 0 and 1: mean 1.5, eta -3 / 2 (cov 3 / 2 of var 1), times the excess 1 of the weights.</summary>
    [Fact]
    public void Risk_TwoImages_IsTheFormula() => Assert.Equal(0, DeepEmbedded.Risk([0, 1], [1, 3]), 1e-12);

    [Fact]
    public void Risk_EqualWeights_IsTheError() => Assert.Equal(.25, DeepEmbedded.Risk([0, 1, 0, 0], [1, 1, 1, 1]), 1e-12);
}
