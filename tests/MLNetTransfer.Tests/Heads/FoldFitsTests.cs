using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

/// <summary>Fits made together, against L-BFGS run to the rounding of its function on each by itself.</summary>
public sealed class FoldFitsTests
{
    private static readonly float[] Strengths = [65536, 1024, 64, 4, 1];

    [Theory]
    [InlineData(2, 90, 40)]
    [InlineData(2, 60, 200)]
    [InlineData(4, 90, 40)]
    [InlineData(3, 41, 13)]
    public void MoveTo_EveryStrength_ReachesTheOptimumOfEveryFold(int classes, int rows, int columns)
    {
        var (features, labels) = Sample.Overlapping(rows, columns, classes, shift: .6, seed: 3);
        var view = new FeatureView(features, [(columns / 2, columns - columns / 2), (0, columns / 2)]);
        var weights = Enumerable.Range(0, classes).Select(k => 1 + .5 * k).ToArray();
        var (folds, design) = (FoldsOf(rows), Design.Folded(view, Sample.Singles(rows)));
        var fits = new FoldFits(design, labels, folds, weights, threads: 1, CancellationToken.None);
        double[] actual = new double[LinearModel.OutputsFor(classes)], expected = new double[actual.Length];
        foreach (var l2 in Strengths)
        {
            fits.MoveTo(l2, 1e-10);
            for (var fit = 0; fit <= folds.Length; fit++)
            {
                int[] train = [.. folds.Where((_, fold) => fold != fit).SelectMany(fold => fold)];
                var alone = HeadSelection.Fit(design, labels, train, weights, l2, new double[actual.Length * (columns + 1)], tolerance: 0);
                var model = fits.ModelOf(fit);
                for (var row = 0; row < rows; row++)
                {
                    model.Scores(row, actual);
                    alone.Scores(row, expected);
                    for (var k = 0; k < actual.Length; k++)
                        Assert.Equal(expected[k] - Shared(expected), actual[k] - Shared(actual), 2e-3);
                }
            }
        }
    }

    [Fact]
    public void MoveTo_AnotherFoldLeftOut_ChangesNoBit()
    {
        var (features, labels) = Sample.Overlapping(80, 30, 2, shift: .6, seed: 5);
        var folds = FoldsOf(80);
        var values = Enumerable.Range(0, 80).SelectMany(row => features.Row(row).ToArray()).ToArray();
        var others = labels.ToArray();
        foreach (var row in folds[1])
        {
            others[row] = 1 - others[row];
            values.AsSpan(row * 30, 30).Reverse();
        }
        // Standardised alike, as the rows left out may not be looked at for that either.
        int[] measured = [.. folds.Where((_, fold) => fold != 1).SelectMany(fold => fold)];
        Assert.Equal(
            Weights(new FoldFits(Design.Folded(new FeatureView(features), measured), labels, folds, [1, 1], 1, CancellationToken.None)),
            Weights(new FoldFits(Design.Folded(new FeatureView(new FeatureMatrix(80, 30, values)), measured), others, folds, [1, 1], 1, CancellationToken.None)));

        static double[] Weights(FoldFits fits)
        {
            foreach (var l2 in Strengths)
                fits.MoveTo(l2, 1e-6);
            return [.. fits.ModelOf(1).WeightsOf(0), .. fits.ModelOf(1).Biases];
        }
    }

    [Fact]
    public void MoveTo_OneAndManyThreads_GivesTheSameBits()
    {
        var (features, labels) = Sample.Overlapping(9000, 20, 3, shift: .3, seed: 5);
        var design = Design.Folded(new FeatureView(features), Sample.Singles(9000));
        var fits = new[] { 1, 3 }.Select(threads => new FoldFits(design, labels, FoldsOf(9000), [1, 1, 1], threads, CancellationToken.None)).ToArray();
        foreach (var fit in fits)
            fit.MoveTo(16, 1e-7);
        for (var k = 0; k < 3; k++)
            Assert.Equal(fits[0].ModelOf(2).WeightsOf(k).ToArray(), fits[1].ModelOf(2).WeightsOf(k).ToArray());
    }

    private static int[][] FoldsOf(int rows) => [.. Sample.Singles(rows).GroupBy(row => row / 4 % 3).Select(fold => fold.ToArray())];

    /// <summary>What the scores of more than two classes have in common says nothing.</summary>
    private static double Shared(double[] scores) => scores.Length == 1 ? 0 : scores.Average();
}
