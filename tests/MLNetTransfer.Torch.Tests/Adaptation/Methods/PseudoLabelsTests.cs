using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class PseudoLabelsTests
{
    [Fact]
    public void Adapt_Waves_AddsTheShareOfEveryPredictedClassWithItsPrediction()
    {
        var floor = new SourceOnly().Adapt(Waves.Problem(), Settings).Labels(Waves.Target.Features);

        var training = Waves.Adapted(new PseudoLabels { Rounds = 1, Share = .5 }).Training;

        var added = training.Labels.Skip(24).ToArray();
        foreach (var k in floor.Distinct())
            Assert.Equal(Math.Ceiling(.5 * floor.Count(label => label == k)), added.Count(label => label == k));
        for (var i = 0; i < added.Length; i++)
        {
            var row = Enumerable.Range(0, 20).Single(row => Waves.Target.Features.Row(row).SequenceEqual(training.Features.Row(24 + i)));
            Assert.Equal(floor[row], added[i]);
        }
    }

    [Fact]
    public void Adapt_MovedClasses_BeatsSourceOnly()
    {
        var (source, target) = (Problems.Domain(300, 4, "source"), Problems.Domain(300, 4, "target", angle: Math.PI / 4));
        double Accuracy(AdaptationMethod method) => Problems.Accuracy(method.Adapt(Problems.Of(method, source, target)), target);

        Assert.True(Accuracy(new PseudoLabels()) > Accuracy(new SourceOnly()) + .02);
    }

    private static AdaptationSettings Settings => new() { Scaling = FeatureScaling.None, Classifier = new NearestNeighbourTrainer() };
}
