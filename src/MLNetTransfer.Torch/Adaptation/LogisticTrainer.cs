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

    /// <summary>The number of folds, 2 or more; fewer where a class has fewer rows. Default: 5.</summary>
    public int Folds { get; init; } = 5;

    /// <inheritdoc/>
    public override string Name => "logistic regression";

    /// <inheritdoc/>
    public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation) =>
        Fit(training, weights, Choose(training, weights, null, seed, cancellation), null);

    /// <summary>The strength of least log-loss on held-out folds; the middle one where a class has a single row.</summary>
    /// <param name="training">Labelled rows.</param>
    /// <param name="weights">The weight of every row; null for equal ones.</param>
    /// <param name="prior">What the weights are drawn to; null for 0.</param>
    /// <param name="seed">Seed of the folds.</param>
    /// <param name="cancellation">Stops the search.</param>
    internal double Choose(LabeledFeatures training, double[]? weights, LinearClassifier? prior, int seed, CancellationToken cancellation)
    {
        if (L2Grid.Count == 1)
            return L2Grid[0];
        int[] rows = [.. Enumerable.Range(0, training.Features.Rows).Where(row => weights is null || weights[row] > 0)];
        int[] labels = [.. rows.Select(row => training.Labels[row])];
        var counts = labels.CountBy(label => label).Select(pair => pair.Value).ToArray();
        if (counts.Length < 2 || counts.Min() < 2)
            return L2Grid[L2Grid.Count / 2];
        var count = Math.Min(Folds, counts.Min());
        var folds = StratifiedSplit.Folds(labels, [.. Enumerable.Range(0, rows.Length)], count, seed);
        var losses = new double[L2Grid.Count];
        for (var fold = 0; fold < count; fold++)
        {
            int[] Part(bool isTest) => [.. Enumerable.Range(0, rows.Length).Where(i => folds[i] == fold == isTest).Select(i => rows[i])];
            int[] train = Part(isTest: false), test = Part(isTest: true);
            var (inside, outside) = (training.Select(train), training.Select(test));
            double[]? insideWeights = weights is null ? null : [.. train.Select(row => weights[row])];
            LinearClassifier? start = null;
            for (var g = 0; g < L2Grid.Count; g++)
            {
                cancellation.ThrowIfCancellationRequested();
                start = Fit(inside, insideWeights, L2Grid[g], prior, start);
                var scores = start.Scores(outside.Features);
                for (var i = 0; i < test.Length; i++)
                    losses[g] += (weights is null ? 1 : weights[test[i]]) * LinearModel.Loss(scores.Row(i), outside.Labels[i]);
            }
        }
        return L2Grid[TensorPrimitives.IndexOfMin<double>(losses)];
    }

    /// <summary>The classifier of least penalised loss.</summary>
    /// <param name="training">Labelled rows.</param>
    /// <param name="weights">The weight of every row; null for equal ones.</param>
    /// <param name="l2">The strength of the penalty.</param>
    /// <param name="prior">What weights and biases are drawn to; null for weights of 0 and free biases.</param>
    /// <param name="start">Where the search starts; it does not change what is found.</param>
    /// <exception cref="TransferException">The rows of positive weight are of one class, and there is no prior.</exception>
    internal static LinearClassifier Fit(LabeledFeatures training, double[]? weights, double l2, LinearClassifier? prior, LinearClassifier? start = null)
    {
        var (features, classes) = (training.Features.Columns, training.Classes.Count);
        int[] rows = [.. Enumerable.Range(0, training.Features.Rows).Where(row => weights is null || weights[row] > 0)];
        var present = rows.Select(row => training.Labels[row]).Distinct().Count();
        if (present < 2 && prior is null)
            throw new TransferException($"A classifier is trained on rows of 2 or more classes; received {present} among those of positive weight. Choose another method or milder weights.");
        var total = rows.Sum(row => weights?[row] ?? 1);
        double[] shares = [.. rows.Select(row => (weights?[row] ?? 1) / total)];
        int[] labels = [.. rows.Select(row => training.Labels[row])];
        double[]? center = prior is null ? null : [.. prior.Weights.Values, .. prior.Biases];
        double[] parameters = (start ?? prior) is { } first ? [.. first.Weights.Values, .. first.Biases] : new double[(features + 1) * classes];
        using var x = Matrix.From(training.Features.Select(rows)).ToResident();
        Lbfgs.Minimize(
            (values, gradient) =>
            {
                var loss = 0d;
                var scores = x.Times(new Matrix(features, classes, values[..(features * classes)].ToArray()));
                var biases = gradient[(features * classes)..];
                biases.Clear();
                for (var i = 0; i < labels.Length; i++)
                {
                    var row = scores.Row(i);
                    TensorPrimitives.Add(row, values[(features * classes)..], row);
                    loss += shares[i] * LinearModel.Loss(row, labels[i]);
                    LinearModel.SoftMax(row);
                    row[labels[i]] -= 1;
                    TensorPrimitives.Multiply(row, shares[i], row);
                    TensorPrimitives.Add(biases, row, biases);
                }
                x.TransposedTimes(scores).Values.CopyTo(gradient);
                var penalised = center is null ? features * classes : values.Length;
                for (var i = 0; i < penalised; i++)
                {
                    var distance = values[i] - (center?[i] ?? 0);
                    gradient[i] += l2 * distance;
                    loss += l2 / 2 * distance * distance;
                }
                return loss;
            },
            parameters, HeadSelection.Tolerance);
        return new LinearClassifier(new Matrix(features, classes, parameters[..(features * classes)]), parameters[(features * classes)..]);
    }
}
