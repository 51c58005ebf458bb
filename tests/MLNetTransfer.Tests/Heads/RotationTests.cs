using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class RotationTests
{
    [Theory]
    [InlineData(2, 1f)]
    [InlineData(2, 256f)]
    [InlineData(3, 16f)]
    public void Of_FarMoreColumnsThanRows_HasTheScoresOfTheFitToAllColumns(int classes, float l2)
    {
        var (features, labels) = Sample.Overlapping(60, 400, classes, shift: 1, seed: 9);
        int[] train = [.. Enumerable.Range(0, 60).Where(i => i % 6 != 0)];
        var view = new FeatureView(features);
        var (full, rotated) = (Design.Folded(view, train), Design.Of(view, train));
        Assert.Equal(400, full.Columns);
        Assert.InRange(rotated.Columns, 50, 60);
        var (expected, actual) = (Scores(full), Scores(rotated));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6);

        double[] Scores(Design design)
        {
            var outputs = LinearModel.OutputsFor(classes);
            var parameters = new double[outputs * (design.Columns + 1)];
            var objective = new LogisticObjective(design, labels, train, [.. Enumerable.Repeat(1d, classes)], l2, 1, CancellationToken.None);
            Lbfgs.Minimize(objective.Evaluate, parameters, tolerance: 0);
            var model = new LinearModel(design.Features, outputs);
            model.Fold(design, parameters);
            var scores = new double[60 * outputs];
            for (var row = 0; row < 60; row++)
                model.Scores(row, scores.AsSpan(row * outputs, outputs));
            // The softmax leaves what all scores have in common open; the optimum has a mean of 0 but for the free biases.
            return classes == 2 ? scores : [.. scores.Chunk(outputs).SelectMany(row => row.Select(score => score - row.Average()))];
        }
    }

    [Fact]
    public void Of_EqualRows_HasTheRankOfTheDifferentOnes()
    {
        var (features, _) = Sample.Overlapping(4, 90, 2, shift: 1, seed: 9);
        var copies = features.Select([.. Enumerable.Range(0, 32).Select(i => i % 4)]);
        Assert.Equal(3, Design.Of(new FeatureView(copies), Sample.Singles(32)).Columns);
    }

    [Fact]
    public void Of_MoreRowsThanColumns_StaysAsItIs()
    {
        var view = new FeatureView(Sample.Overlapping(40, 30, 2, shift: 1, seed: 9).Features);
        Assert.Same(view, Design.Of(view, Sample.Singles(40)).Features);
    }
}
