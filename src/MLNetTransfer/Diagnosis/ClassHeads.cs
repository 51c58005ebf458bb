using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// Linear heads on the images of a Gram matrix: regularised least squares, one output a class, each class of each domain weighing the same, so that other
/// proportions of classes are no difference. They share one strength of regularisation, which the source alone settles.
/// </summary>
internal sealed class ClassHeads
{
    /// <summary>Strengths worth trying, for products whose mean is 1 an image.</summary>
    private static readonly double[] Lambdas = [30, 3, .3, .03];

    private readonly Gram _gram;
    private readonly int[] _labels;
    private readonly int _classes;
    private readonly double _lambda;

    private ClassHeads(Gram gram, int[] labels, int classes, double lambda, int[] sourcePredictions) =>
        (_gram, _labels, _classes, _lambda, SourcePredictions) = (gram, labels, classes, lambda, sourcePredictions);

    /// <summary>The class that a head learnt from the other folds predicts for every image of the source.</summary>
    public int[] SourcePredictions { get; }

    /// <summary>Settles the regularisation by cross-validation on the source.</summary>
    /// <param name="gram">The products of all images, those of the source first.</param>
    /// <param name="labels">The class of every image; -1 where it is not known.</param>
    /// <param name="sources">How many images are of the source; all of them have a class.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="groups">The group of every image: copies of one picture share one.</param>
    /// <param name="random">Settles the folds.</param>
    public static ClassHeads Of(Gram gram, int[] labels, int sources, int classes, IReadOnlyList<int> groups, RandomStream random)
    {
        int[] rows = [.. Enumerable.Range(0, sources)];
        var folds = CrossFolds.Deal([.. groups.Take(sources)], [.. labels.Take(sources)], random);
        ClassHeads? best = null;
        var lowest = double.PositiveInfinity;
        foreach (var lambda in Lambdas)
        {
            var heads = new ClassHeads(gram, labels, classes, lambda, []);
            var scores = heads.OutOfFold(rows, row => labels[row], folds);
            var loss = Enumerable.Range(0, sources).Sum(row => Enumerable.Range(0, classes)
                .Sum(k => Math.Pow(scores[(row * classes) + k] - (labels[row] == k ? 1 : 0), 2)));
            if (loss < lowest)
                (best, lowest) = (new ClassHeads(gram, labels, classes, lambda, [.. rows.Select(row => Decide(scores, row, classes))]), loss);
        }
        return best!;
    }

    /// <summary>What a head learnt from the source predicts for target images.</summary>
    public int[] PredictFromSource(IReadOnlyList<int> rows)
    {
        int[] sources = [.. Enumerable.Range(0, SourcePredictions.Length)];
        var kernel = _gram.LinearKernel(sources);
        var penalties = Penalties(sources, row => _labels[row]);
        for (var i = 0; i < sources.Length; i++)
            kernel[(i * sources.Length) + i] += penalties[i];
        var inverse = PositiveDefinite.Invert(kernel, sources.Length);
        var coefficients = new double[_classes][];
        for (var k = 0; k < _classes; k++)
        {
            double[] coded = [.. sources.Select(row => _labels[row] == k ? 1.0 : 0)];
            coefficients[k] = [.. sources.Select(row => TensorPrimitives.Dot<double>(inverse.AsSpan(row * sources.Length, sources.Length), coded))];
        }
        double[] sums = [.. coefficients.Select(values => values.Sum())];
        return [.. rows.Select(row => Enumerable.Range(0, _classes).MaxBy(k =>
            sums[k] + TensorPrimitives.Dot(_gram.Row(row)[..sources.Length], coefficients[k])))];
    }

    /// <summary>What heads learnt from other folds predict for the images of a fold, in the order of the rows; -1 for rows of no fold.</summary>
    /// <param name="rows">The images to learn from and to predict.</param>
    /// <param name="cell">The domain and class of an image: all cells weigh the same.</param>
    /// <param name="folds">The fold of each row; -1 for rows that are always learnt from.</param>
    public int[] PredictOutOfFold(IReadOnlyList<int> rows, Func<int, int> cell, int[] folds)
    {
        var scores = OutOfFold(rows, cell, folds);
        return [.. folds.Select((fold, i) => fold < 0 ? -1 : Decide(scores, i, _classes))];
    }

    private double[] OutOfFold(IReadOnlyList<int> rows, Func<int, int> cell, int[] folds)
    {
        var ridge = new RidgeFolds(_gram.LinearKernel(rows), Penalties(rows, cell), folds);
        var scores = new double[rows.Count * _classes];
        var predictions = new double[rows.Count];
        for (var k = 0; k < _classes; k++)
        {
            ridge.Predict([.. rows.Select(row => _labels[row] == k ? 1.0 : 0)], predictions);
            for (var i = 0; i < rows.Count; i++)
                scores[(i * _classes) + k] = predictions[i];
        }
        return scores;
    }

    /// <summary>Lambda / weight, the weights with mean 1.</summary>
    private double[] Penalties(IReadOnlyList<int> rows, Func<int, int> cell)
    {
        var counts = rows.CountBy(cell).ToDictionary();
        return [.. rows.Select(row => _lambda * counts[cell(row)] * counts.Count / rows.Count)];
    }

    private static int Decide(double[] scores, int row, int classes) => TensorPrimitives.IndexOfMax<double>(scores.AsSpan(row * classes, classes));
}
