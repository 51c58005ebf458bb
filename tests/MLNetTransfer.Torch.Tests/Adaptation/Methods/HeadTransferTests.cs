using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class HeadTransferTests
{
    [Fact]
    public void Fit_StrongPrior_IsThePrior()
    {
        var prior = LogisticTrainer.Fit(Waves.Source, null, .1, null);

        var head = LogisticTrainer.Fit(Waves.Target, null, 1e6, prior);

        Waves.AssertEqual([.. prior.Weights.Values, .. prior.Biases], [.. head.Weights.Values, .. head.Biases], 1e-3);
    }

    /// <summary>At the minimum no step of any parameter lowers loss + lambda / 2 |W - W_S|^2, written out here.</summary>
    [Fact]
    public void Fit_WithPrior_IsAMinimumOfThePenalisedLoss()
    {
        const double Strength = .05;
        var prior = LogisticTrainer.Fit(Waves.Source, null, .1, null);
        var head = LogisticTrainer.Fit(Waves.Target, null, Strength, prior);
        double[] center = [.. prior.Weights.Values, .. prior.Biases], found = [.. head.Weights.Values, .. head.Biases];
        double Objective(double[] parameters)
        {
            var probabilities = new LinearClassifier(new Matrix(5, 3, parameters[..15]), parameters[15..]).Scores(Waves.Target.Features);
            var loss = Enumerable.Range(0, 20).Average(row =>
            {
                var scores = probabilities.Row(row).ToArray();
                return Math.Log(scores.Sum(Math.Exp)) - scores[Waves.Target.Labels[row]];
            });
            return loss + (Strength / 2 * parameters.Zip(center, (p, c) => (p - c) * (p - c)).Sum());
        }

        for (var i = 0; i < found.Length; i++)
        {
            double[] up = [.. found], down = [.. found];
            (up[i], down[i]) = (found[i] + 1e-4, found[i] - 1e-4);
            Assert.Equal(0, (Objective(up) - Objective(down)) / 2e-4, 1e-3);
        }
    }

    [Fact]
    public void Adapt_FewLabelsOfATurnedTarget_BeatsSourceOnly()
    {
        var (source, target) = (Problems.Domain(300, 4, "source"), Problems.Domain(330, 4, "target", angle: Math.PI / 3));
        var problem = new AdaptationProblem(source, target.WithoutLabels(), target.Select([.. Enumerable.Range(300, 30)]));
        var test = target.Select([.. Enumerable.Range(0, 300)]);

        Assert.True(Problems.Accuracy(new HeadTransfer().Adapt(problem), test) > Problems.Accuracy(new SourceOnly().Adapt(problem), test) + .1);
    }
}
