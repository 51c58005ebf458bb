using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class LogisticObjectiveTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Evaluate_FoldedStandardisation_IsTheFormulaOnAStandardisedCopy(int classes, int threads)
    {
        const int Rows = 41;
        var (features, labels) = Sample.Overlapping(Rows, 13, classes, shift: 1, seed: 2);
        int[] train = [.. Enumerable.Range(0, Rows).Where(i => i % 5 != 0)];
        double[] weights = [1, .5, 2];
        var outputs = classes == 2 ? 1 : classes;
        var random = new Random(7);
        double[] parameters = [.. Enumerable.Range(0, outputs * 14).Select(_ => random.NextDouble() - .5)];
        var view = new FeatureView(features);
        var objective = new LogisticObjective(Design.Folded(view, train), labels, train, weights[..classes], 3, threads, CancellationToken.None);
        var gradient = new double[parameters.Length];

        var loss = objective.Evaluate(parameters, gradient);

        var copy = Standardised(features, train);
        Assert.Equal(Formula(parameters), loss, 1e-9 * loss);
        for (var j = 0; j < parameters.Length; j++)
        {
            // The slope of a chord: exact to the square of its length.
            double[] above = [.. parameters], below = [.. parameters];
            above[j] += 1e-4;
            below[j] -= 1e-4;
            Assert.Equal((Formula(above) - Formula(below)) / 2e-4, gradient[j], 1e-5);
        }

        double Formula(double[] p)
        {
            var sum = 0d;
            foreach (var row in train)
            {
                double[] scores = [.. Enumerable.Range(0, outputs).Select(k => p[outputs * 13 + k] + Enumerable.Range(0, 13).Sum(j => p[k * 13 + j] * copy[row][j]))];
                if (outputs == 1)
                    scores = [0, scores[0]];
                sum += weights[labels[row]] * (Math.Log(scores.Sum(Math.Exp)) - scores[labels[row]]);
            }
            return sum + 1.5 * p[..(outputs * 13)].Sum(w => w * w);
        }
    }

    [Fact]
    public void Evaluate_OneAndManyThreads_SameBits()
    {
        var (features, labels) = Sample.Overlapping(9001, 11, 2, shift: 1, seed: 3);
        int[] rows = [.. Enumerable.Range(0, 9001).Where(i => i % 7 != 0)];
        var design = Design.Folded(new FeatureView(features), rows);
        var expected = Run(1);
        Assert.Equal(expected, Run(2));
        Assert.Equal(expected, Run(5));

        double[] Run(int threads)
        {
            var objective = new LogisticObjective(design, labels, rows, [1, 2], 4, threads, CancellationToken.None);
            var gradient = new double[12];
            return [objective.Evaluate([.1, -.2, .3, .4, .5, -.6, .7, .8, -.9, 1, 1.1, -.3], gradient), .. gradient];
        }
    }

    [Fact]
    public void Evaluate_Cancelled_StopsInsideAFit()
    {
        var (features, labels) = Sample.Overlapping(5000, 3, 2, shift: 1, seed: 3);
        using var source = new CancellationTokenSource();
        var objective = new LogisticObjective(Design.Folded(new FeatureView(features), Sample.Singles(5000)), labels, Sample.Singles(5000), [1, 1], 4, 2, source.Token);
        objective.Evaluate(new double[4], new double[4]);
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => objective.Evaluate(new double[4], new double[4]));
    }

    private static double[][] Standardised(FeatureMatrix features, int[] train)
    {
        var rows = Enumerable.Range(0, features.Rows).Select(row => features.Row(row).ToArray().Select(value => (double)value).ToArray()).ToArray();
        for (var j = 0; j < features.Columns; j++)
        {
            var mean = train.Average(row => rows[row][j]);
            var deviation = Math.Sqrt(train.Average(row => (rows[row][j] - mean) * (rows[row][j] - mean)));
            foreach (var row in rows)
                row[j] = (row[j] - mean) / deviation;
        }
        return rows;
    }
}
