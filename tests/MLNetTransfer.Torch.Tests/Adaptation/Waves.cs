using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>The small problem of expected.py, which says what numpy and scipy make of it; and what a method makes of it before a classifier is trained.</summary>
internal static class Waves
{
    public static LabeledFeatures Source { get; } = Domain(24, (i, j) => Math.Sin((1.7 * i) + (2.3 * j) + (.31 * i * j)));

    public static LabeledFeatures Target { get; } = Domain(20, (i, j) => (1.2 * Math.Cos((1.1 * i) + (.7 * j) + (.23 * i * j))) + (.4 * j));

    public static Matrix SourceRows => Matrix.From(Source.Features);

    public static Matrix TargetRows => Matrix.From(Target.Features);

    public static AdaptationProblem Problem(LabeledFeatures? shots = null) => new(Source, Target.WithoutLabels(), shots);

    /// <summary>Squared distances of the first three training rows to the first three target rows in the adapted space: no sign of an eigenvector changes them.</summary>
    public static double[] Distances(AdaptationMethod method)
    {
        var (training, target, _) = Adapted(method);
        var squared = Torch.Adaptation.Mathematics.Distances.Squared(Matrix.From(training.Features), Matrix.From(target));
        return [.. from row in Enumerable.Range(0, 3) from column in Enumerable.Range(0, 3) select squared[row, column]];
    }

    /// <summary>What the classifier is trained on, the target in the same space, and the rows' weights.</summary>
    public static (LabeledFeatures Training, FeatureMatrix Target, double[]? Weights) Adapted(AdaptationMethod method, AdaptationProblem? problem = null)
    {
        var recorder = new Recorder();
        var model = method.Adapt(problem ?? Problem(), new AdaptationSettings { Scaling = FeatureScaling.None, Classifier = recorder });
        return (recorder.Training!, model.Map.Apply((problem ?? Problem()).Target.Features), recorder.Weights);
    }

    public static void AssertEqual(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double relative = 1e-4)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], relative * Math.Max(1e-3, Math.Abs(expected[i])));
    }

    private static LabeledFeatures Domain(int rows, Func<int, int, double> wave)
    {
        var values = new float[rows * 5];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < 5; j++)
                values[(i * 5) + j] = (float)(wave(i, j) + (j == i % 3 ? .9 : 0));
        return new LabeledFeatures(new FeatureMatrix(rows, 5, values), [.. Enumerable.Range(0, rows).Select(i => i % 3)], Problems.Classes);
    }

    /// <summary>One nearest neighbour that keeps what it was last trained on.</summary>
    private sealed class Recorder : ClassifierTrainer
    {
        public LabeledFeatures? Training { get; private set; }

        public double[]? Weights { get; private set; }

        public override string Name => "recorder";

        public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation)
        {
            (Training, Weights) = (training, weights);
            return new NearestNeighbourTrainer().Train(training, weights, seed, cancellation);
        }
    }
}
