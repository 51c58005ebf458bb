using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class TargetStatisticsTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfNumpy() => Waves.AssertEqual(
        [7.972308, 4.01077112, 14.1234516, 2.66013378, 6.20408664, 10.9636426, 12.6723216, 8.56500702, 5.61538079], Waves.Distances(new TargetStatistics()));

    /// <summary>Every feature has another scale and another place: that is all that statistics can undo, and all of it.</summary>
    [Fact]
    public void Adapt_OtherScalesAndPlaces_IsAsRightAsIfThereWereNone()
    {
        var (source, here) = (Problems.Domain(300, 6, "source"), Problems.Domain(300, 6, "target"));
        var moved = here.With((_, j, value) => (value * (.3f + j)) + (20 * j));
        double Accuracy(Torch.Adaptation.AdaptationMethod method, MLNetTransfer.Domains.LabeledFeatures target) =>
            Problems.Accuracy(method.Adapt(Problems.Of(method, source, target)), target);

        Assert.True(Accuracy(new SourceOnly(), moved) < .6);
        Assert.Equal(Accuracy(new TargetStatistics(), here), Accuracy(new TargetStatistics(), moved));
        Assert.True(Accuracy(new TargetStatistics(), moved) > .95);
    }
}
