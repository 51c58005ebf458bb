using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class EntropyMinimisationTests
{
    private static readonly LinearClassifier Classifier = new(new Matrix(5, 3, [.. Enumerable.Range(0, 15).Select(i => Math.Sin(i))]), [.1, -.2, .3]);

    /// <summary>The entropy by its definition, the gradient by finite differences.</summary>
    [Fact]
    public void EntropyOf_Waves_IsByDefinitionAndItsGradientByFiniteDifferences()
    {
        using var x = Waves.TargetRows.ToResident();
        double[] parameters = [1, .8, 1.2, 1.1, .9, .1, -.3, .2, 0, .4];

        var (entropy, gradient) = EntropyMinimisation.EntropyOf(x, Classifier, parameters);

        Assert.Equal(Entropy(parameters), entropy, 1e-12);
        for (var i = 0; i < 10; i++)
        {
            double[] up = [.. parameters], down = [.. parameters];
            (up[i], down[i]) = (up[i] + 1e-5, down[i] - 1e-5);
            Assert.Equal((Entropy(up) - Entropy(down)) / 2e-5, gradient[i], 1e-8);
        }
    }

    /// <summary>The first step of Adam is the learning rate against the sign of the gradient, whatever its size.</summary>
    [Fact]
    public void Adapt_OneStep_MovesEveryScaleAndShiftByTheLearningRate()
    {
        var settings = new AdaptationSettings { Scaling = FeatureScaling.None };
        var statistics = new TargetStatistics().Adapt(Waves.Problem(), settings);
        using var x = Matrix.From(statistics.Map.Apply(Waves.Target.Features)).ToResident();
        var (_, gradient) = EntropyMinimisation.EntropyOf(x, Assert.IsType<LinearClassifier>(statistics.Classifier), [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);

        var model = new EntropyMinimisation { Steps = 1, LearningRate = .05 }.Adapt(Waves.Problem(), settings);

        AffineLayer before = Assert.Single(statistics.Map.Layers), after = Assert.Single(model.Map.Layers);
        for (var j = 0; j < 5; j++)
        {
            var scale = 1 - (.05 * Math.Sign(gradient[j]));
            Waves.AssertEqual([scale * before.Weights[j, j], (scale * before.Offset[j]) - (.05 * Math.Sign(gradient[5 + j]))], [after.Weights[j, j], after.Offset[j]]);
        }
    }

    [Fact]
    public void Adapt_NoSteps_IsAdaBn() => Assert.Equal(
        new TargetStatistics().Adapt(Waves.Problem()).Probabilities(Waves.Target.Features).Row(3).ToArray(),
        new EntropyMinimisation { Steps = 0 }.Adapt(Waves.Problem()).Probabilities(Waves.Target.Features).Row(3).ToArray());

    /// <summary>The classes' shares differ, so that statistics alone put the border between classes in the wrong place; the gap between the classes is still there to be found.</summary>
    [Fact]
    public void Adapt_OtherSharesOfClasses_IsRightWhereSourceOnlyAndStatisticsAreNot()
    {
        var source = Problems.Domain(300, 6, "source");
        var all = Problems.Domain(600, 6, "target").With((_, j, value) => (value * (.3f + j)) - (4 * j));
        var target = all.Select([.. Enumerable.Range(0, 600).Where(row => row % 3 == 0 || row % 12 < 3)]);
        double Accuracy(AdaptationMethod method) => Problems.Accuracy(method.Adapt(Problems.Of(method, source, target)), target);

        Assert.True(Accuracy(new EntropyMinimisation()) > Math.Max(Accuracy(new SourceOnly()), Accuracy(new TargetStatistics())) + .02);
    }

    /// <summary>What the page warns of.</summary>
    [Fact]
    public void Adapt_ManySteps_IsSureOfWhatItGetsWrong()
    {
        var (source, target) = (Problems.Domain(300, 6, "source"), Problems.Domain(300, 6, "target", distance: .5));

        var model = new EntropyMinimisation { Steps = 500, LearningRate = .1 }.Adapt(Problems.Of(new EntropyMinimisation(), source, target));

        var probabilities = model.Probabilities(target.Features);
        Assert.True(Enumerable.Range(0, 300).Average(row => probabilities.Row(row).ToArray().Max()) > .98);
        Assert.True(Problems.Accuracy(model, target) < .6);
    }

    [Fact]
    public void Adapt_NearestNeighbour_IsRefused() => Assert.Contains("follows the gradient of a linear classifier", Assert.Throws<TransferException>(() =>
        new EntropyMinimisation().Adapt(Waves.Problem(), new AdaptationSettings { Classifier = new NearestNeighbourTrainer() })).Message, StringComparison.Ordinal);

    private static double Entropy(double[] parameters)
    {
        var sum = 0d;
        for (var row = 0; row < 20; row++)
        {
            double[] scores = [.. Enumerable.Range(0, 3).Select(k => Classifier.Biases[k]
                + Enumerable.Range(0, 5).Sum(j => ((parameters[j] * Waves.TargetRows[row, j]) + parameters[5 + j]) * Classifier.Weights[j, k]))];
            var total = scores.Sum(Math.Exp);
            sum -= scores.Sum(score => Math.Exp(score) / total * Math.Log(Math.Exp(score) / total));
        }
        return sum / 20;
    }
}
