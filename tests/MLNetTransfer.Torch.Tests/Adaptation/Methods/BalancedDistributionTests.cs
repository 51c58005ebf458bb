using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class BalancedDistributionTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfScipy() => Waves.AssertEqual(
        [1.67193513, 0.930645058, 8.05833804, 0.710488032, 1.43251523, 3.10885396, 1.81504269, 3.44033549, 3.81494599],
        Waves.Distances(new BalancedDistribution { Balance = .8, Dimensions = 3, Iterations = 4 }));

    /// <summary>Three classes: M_0 three times as heavy as every M_c is what jda has.</summary>
    [Fact]
    public void Adapt_BalanceOfOneQuarter_IsJointAdaptation() => Waves.AssertEqual(
        Waves.Distances(new JointDistribution { Dimensions = 3 }), Waves.Distances(new BalancedDistribution { Balance = .25, Dimensions = 3 }), 1e-6);
}
