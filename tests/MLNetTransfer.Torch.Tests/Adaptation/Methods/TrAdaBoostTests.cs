using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class TrAdaBoostTests
{
    /// <summary>Half of the source contradicts the target: its labels are one on. Boosting finds out which.</summary>
    [Fact]
    public void Adapt_SourceThatContradicts_BeatsTrainingOnBoth()
    {
        var clean = Problems.Domain(240, 4, "source", distance: 3);
        // Wrong images lie apart, along the fourth feature, as another kind of image would.
        var mixed = new LabeledFeatures(clean.With((row, j, value) => row < 150 && j == 3 ? value + 1 : value).Features,
            [.. clean.Labels.Select((label, row) => row < 150 ? (label + 1) % 3 : label)], Problems.Classes);
        var target = Problems.Domain(330, 4, "target", distance: 3);
        var problem = new AdaptationProblem(mixed, target.WithoutLabels(), target.Select([.. Enumerable.Range(300, 30)]));
        var test = target.Select([.. Enumerable.Range(0, 300)]);
        var both = new LogisticTrainer().Train(new LabeledFeatures(
            new FeatureMatrix(270, 4, [.. Values(mixed), .. Values(target.Select([.. Enumerable.Range(300, 30)]))]),
            [.. mixed.Labels, .. target.Labels.Skip(300)], Problems.Classes), null, 1, default);

        var boosted = Problems.Accuracy(new TrAdaBoost { Rounds = 20 }.Adapt(problem), test);

        var together = both.Labels(test.Features).Zip(test.Labels).Count(pair => pair.First == pair.Second) / 300.0;
        Assert.True(boosted > together + .1, $"{boosted:0.000} against {together:0.000}");
    }

    [Fact]
    public void Adapt_OneRound_IsLogisticRegressionOnBoth()
    {
        var shots = Waves.Target.Select([.. Enumerable.Range(0, 9)]);
        var both = new LabeledFeatures(new FeatureMatrix(33, 5, [.. Values(Waves.Source), .. Values(shots)]), [.. Waves.Source.Labels, .. shots.Labels], Problems.Classes);
        var settings = new AdaptationSettings { Scaling = FeatureScaling.None };

        var model = new TrAdaBoost { Rounds = 1 }.Adapt(Waves.Problem(shots), settings);

        var expected = new LogisticTrainer().Train(both, null, 1, default).Probabilities(Waves.Target.Features);
        Waves.AssertEqual([.. Matrix.From(expected).Values], [.. Matrix.From(model.Probabilities(Waves.Target.Features)).Values], 1e-4);
    }

    private static float[] Values(LabeledFeatures domain) => [.. Enumerable.Range(0, domain.Features.Rows).SelectMany(row => domain.Features.Row(row).ToArray())];
}
