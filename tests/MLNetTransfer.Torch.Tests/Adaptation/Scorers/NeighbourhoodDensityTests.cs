using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class NeighbourhoodDensityTests
{
    /// <summary>All others are equally near: the entropy of 19 equal shares.</summary>
    [Fact]
    public void Score_AllPredictedAlike_IsTheLogarithmOfTheOthers() =>
        Assert.Equal(Math.Log(19), new NeighbourhoodDensity().Score(Trials.Constant(.2f, .7f, .1f)), 1e-6);

    /// <summary>Two pairs at right angles: the partner has weight 1 of 1 + 2 exp(-20).</summary>
    [Fact]
    public void Density_TwoPairs_IsThatOfOnePartner()
    {
        double partner = 1 / (1 + (2 * Math.Exp(-20))), other = Math.Exp(-20) * partner;

        var density = NeighbourhoodDensity.Density(new FeatureMatrix(4, 2, [1, 0, 1, 0, 0, 1, 0, 1]));

        Assert.Equal(-(partner * Math.Log(partner)) - (2 * other * Math.Log(other)), density, 1e-12);
    }
}
