using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class DomainClassifierTests
{
    /// <summary>The logarithm of this ratio is linear in x: the model of the classifier is true.</summary>
    [Fact]
    public void Weights_TwoGaussians_FollowTheRatioOfDensities() => Gaussians.AssertFollowRatio(new DomainClassifier().Weights(Gaussians.Problem, seed: 1), error: .1);

    [Fact]
    public void Weights_DomainsThatNeverMeet_KeepToTheLimit()
    {
        var far = new AdaptationProblem(Waves.Source, Waves.Target.With((_, _, value) => value + 100).WithoutLabels());

        Assert.All(new DomainClassifier { Limit = 3 }.Weights(far, seed: 1), weight => Assert.InRange(weight, 0, 3));
    }
}
