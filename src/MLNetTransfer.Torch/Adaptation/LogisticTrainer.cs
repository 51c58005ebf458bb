using System.Numerics.Tensors;
using MLNetTransfer.Domains;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// Multinomial logistic regression on weighted rows: sum(weight x log-loss) / sum(weight) + L2 / 2 x |W|^2, biases free. The strength is chosen by
/// stratified cross-validation on the training rows, with their weights: for importance weights that is importance-weighted validation.
/// </summary>
public sealed class LogisticTrainer : ClassifierTrainer
{
    /// <summary>The strengths to choose among; one is taken as it is. Default: .0001 to 1 in factors of ten.</summary>
    public IReadOnlyList<double> L2Grid { get; init; } = [1, .1, .01, .001, .0001];

    /// <summary>The number of folds, 2 or more. Default: 5.</summary>
    public int Folds { get; init; } = 5;

    /// <inheritdoc/>
    public override string Name => "logistic regression";

    /// <inheritdoc/>
    public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        var x = Matrix.From(training.Features);
        var rowWeights = weights ?? [.. Enumerable.Repeat(1d, x.Rows)];
        int[] all = [.. Enumerable.Range(0, x.Rows).Where(row => rowWeights[row] > 0)];
        if (all.Select(row => training.Labels[row]).Distinct().Count() < 2)
            throw new TransferException("A classifier is trained on rows of 2 or more classes; those of positive weight are of one. Choose another method or milder weights.");
        var l2 = L2Grid.Count == 1 ? L2Grid[0] : Choose(x, training, rowWeights, all, seed, cancellation);
        return Fit(x, training, rowWeights, all, l2, null);
    }

    private double Choose(Matrix x, LabeledFeatures training, double[] weights, int[] rows, int seed, CancellationToken cancellation)
    {
        int[] labels = [.. rows.Select(row => training.Labels[row])];
        var count = Math.Min(Folds, labels.CountBy(label => label).Min(pair => pair.Value));
        if (count < 2)
            return L2Grid[L2Grid.Count / 2];
        var folds = StratifiedSplit.Folds(labels, [.. Enumerable.Range(0, rows.Length)], count, seed);
        var losses = new double[L2Grid.Count];
        for (var fold = 0; fold < count; fold++)
        {
            int[] train = [.. Enumerable.Range(0, rows.Length).Where(i => folds[i] != fold).Select(i => rows[i])];
            double[]? start = null;
            for (var g = 0; g < L2Grid.Count; g++)
            {
                cancellation.ThrowIfCancellationRequested();
                var classifier = Fit(x, training, weights, train, L2Grid[g], start);
                start = [.. classifier.Weights.Values, .. classifier.Biases];
                var scores = new double[training.Classes.Count];
                for (var i = 0; i < rows.Length; i++)
                {
                    if (folds[i] != fold)
                        continue;
                    Scores(x.Row(rows[i]), classifier.Weights.Values, [.. classifier.Biases], scores);
                    losses[g] += weights[rows[i]] * LinearModel.Loss(scores, labels[i]);
                }
            }
        }
        return L2Grid[TensorPrimitives.IndexOfMin<double>(losses)];
    }

    private static LinearClassifier Fit(Matrix x, LabeledFeatures training, double[] weights, int[] rows, double l2, double[]? start)
    {
        var (features, classes) = (x.Columns, training.Classes.Count);
        var total = rows.Sum(row => weights[row]);
        var parameters = start ?? new double[(features + 1) * classes];
        var (scores, probabilities) = (new double[classes], new double[classes]);
        Lbfgs.Minimize(
            (values, gradient) =>
            {
                var loss = 0d;
                gradient.Clear();
                var biases = gradient[(features * classes)..];
                foreach (var row in rows)
                {
                    var image = x.Row(row);
                    Scores(image, values[..(features * classes)], values[(features * classes)..], scores);
                    var weight = weights[row] / total;
                    loss += weight * LinearModel.Loss(scores, training.Labels[row]);
                    LinearModel.Probabilities(scores, probabilities);
                    probabilities[training.Labels[row]] -= 1;
                    TensorPrimitives.Multiply(probabilities, weight, probabilities);
                    TensorPrimitives.Add(biases, probabilities, biases);
                    for (var j = 0; j < features; j++)
                        if (image[j] != 0)
                            TensorPrimitives.MultiplyAdd(probabilities, image[j], gradient.Slice(j * classes, classes), gradient.Slice(j * classes, classes));
                }
                var w = values[..(features * classes)];
                TensorPrimitives.MultiplyAdd(w, l2, gradient[..(features * classes)], gradient[..(features * classes)]);
                return loss + (l2 / 2 * TensorPrimitives.SumOfSquares(w));
            },
            parameters, HeadSelection.Tolerance);
        return new LinearClassifier(new Matrix(features, classes, parameters[..(features * classes)]), parameters[(features * classes)..]);
    }

    private static void Scores(ReadOnlySpan<double> image, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, Span<double> scores)
    {
        biases.CopyTo(scores);
        for (var j = 0; j < image.Length; j++)
            if (image[j] != 0)
                TensorPrimitives.MultiplyAdd(weights.Slice(j * scores.Length, scores.Length), image[j], scores, scores);
    }
}
