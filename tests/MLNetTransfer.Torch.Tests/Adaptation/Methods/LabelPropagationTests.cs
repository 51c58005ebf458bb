using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class LabelPropagationTests
{
    /// <summary>The limit of F = alpha S F + (1 - alpha) Y, which the paper iterates, is (1 - alpha) times the closed form.</summary>
    [Fact]
    public void Flow_Waves_IsTheLimitOfTheIteration()
    {
        const double Alpha = .8;
        var all = Waves.SourceRows.Above(Waves.TargetRows);
        var affinities = LabelPropagation.Affinities(Distances.Squared(all, all));
        var labels = new Matrix(44, 3);
        for (var row = 0; row < 24; row++)
            labels[row, row % 3] = 1;
        double[] degrees = [.. Enumerable.Range(0, 44).Select(row => affinities.Row(row).ToArray().Sum())];
        var flowed = new Matrix(44, 3);
        for (var iteration = 0; iteration < 300; iteration++)
        {
            var next = labels.Scaled(1 - Alpha);
            for (var i = 0; i < 44; i++)
                for (var j = 0; j < 44; j++)
                    for (var k = 0; k < 3; k++)
                        next[i, k] += Alpha * affinities[i, j] / Math.Sqrt(degrees[i] * degrees[j]) * flowed[j, k];
            flowed = next;
        }

        Waves.AssertEqual([.. flowed.Scaled(1 / (1 - Alpha)).Values], [.. LabelPropagation.Flow(affinities, labels, Alpha).Values], 1e-9);
    }

    [Fact]
    public void Affinities_SameImages_AreOneAndNothingIsItsOwnNeighbour()
    {
        var affinities = LabelPropagation.Affinities(new Matrix(3, 3));

        Assert.Equal([0, 1, 1, 1, 0, 1, 1, 1, 0], affinities.Values.ToArray());
    }

    [Fact]
    public void Affinities_ManyImages_AreSymmetricAndReachTenNeighboursOrMore()
    {
        var affinities = LabelPropagation.Affinities(Distances.Squared(Waves.SourceRows, Waves.SourceRows));

        Assert.Equal(affinities.Values.ToArray(), affinities.Transposed().Values.ToArray());
        Assert.All(Enumerable.Range(0, 24), row => Assert.InRange(affinities.Row(row).ToArray().Count(value => value > 0), 10, 23));
        Assert.Contains(0, affinities.Row(0)[1..].ToArray());
    }

    [Fact]
    public void Balanced_Columns_SumToTheirShares()
    {
        var balanced = LabelPropagation.Balanced(new Matrix(2, 3, [1, 8, 0, 3, 2, 0]), [.5, .25, .25]);

        Waves.AssertEqual([.125, .2, 0, .375, .05, 0], [.. balanced.Values], 1e-12);
    }

    /// <summary>Two chains of points: the label runs along each, where the nearest labelled point is one of the other chain.</summary>
    [Fact]
    public void Adapt_TwoChains_FollowsThem()
    {
        static float[] Chain(int from, int to, float height) => [.. Enumerable.Range(from, to - from).SelectMany(i => new[] { i * .1f, height })];
        var source = new LabeledFeatures(new FeatureMatrix(20, 2, [.. Chain(0, 10, 0), .. Chain(40, 50, 1.2f)]), [.. Enumerable.Range(0, 20).Select(row => row / 10)], ["a", "b"]);
        var target = new FeatureMatrix(80, 2, [.. Chain(10, 50, 0), .. Chain(0, 40, 1.2f)]);

        var training = Waves.Adapted(new LabelPropagation(), new AdaptationProblem(source, new UnlabeledFeatures(target))).Training;

        Assert.Equal([.. Enumerable.Range(0, 80).Select(row => row / 40)], training.Labels.Skip(20));
    }
}
