using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class FeatureAugmentationTests
{
    [Fact]
    public void Adapt_Waves_TriplesSourceAndTargetDifferently()
    {
        var shots = Waves.Target.Select([0, 1, 2]);

        var (training, target, _) = Waves.Adapted(new FeatureAugmentation(), Waves.Problem(shots));

        var x = Waves.Source.Features.Row(7).ToArray();
        Assert.Equal([.. x, .. x, 0, 0, 0, 0, 0], training.Features.Row(7).ToArray());
        var y = Waves.Target.Features.Row(2).ToArray();
        Assert.Equal([.. y, 0, 0, 0, 0, 0, .. y], training.Features.Row(26).ToArray());
        Assert.Equal(training.Features.Row(26).ToArray(), target.Row(2).ToArray());
        Assert.Equal(27, training.Labels.Count);
    }
}
