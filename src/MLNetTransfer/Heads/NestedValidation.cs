using System.Numerics.Tensors;
using MLNetTransfer.Images;

namespace MLNetTransfer.Heads;

/// <summary>
/// Nested cross-validation: every image is predicted by a head that saw neither it nor its near-duplicates, with everything
/// (standardisation, L2, calibration, threshold) chosen on the images that head learned from.
/// </summary>
internal static class NestedValidation
{
    /// <summary>The probabilities (images x classes) and the decided classes.</summary>
    public static (double[] Probabilities, int[] Decisions) Predict(
        FeatureMatrix features, int[] labels, int[] groups, int classes, HeadOptions options, int threads, CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, features.Rows)];
        var count = HeadSelection.FoldCount(labels, groups, all, classes, options.ValidationFolds);
        var folds = StratifiedSplit.Folds(labels, groups, count, options.Seed);
        var probabilities = new double[features.Rows * classes];
        var decisions = new int[features.Rows];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, fold =>
        {
            int[] train = [.. all.Where(row => folds[row] != fold)];
            var standardised = Standardisation.Apply(features, train);
            var weights = ClassWeights(labels, train, classes, options.ClassWeights);
            var selection = HeadSelection.Choose(standardised, labels, groups, train, weights, options, threads: 1, cancellation);
            var outputs = LinearModel.OutputsFor(classes);
            var model = HeadSelection.Fit(standardised, labels, train, weights, selection.L2, new double[outputs * (features.Columns + 1)]);
            var scores = new double[outputs];
            foreach (var row in all.Where(row => folds[row] == fold))
            {
                var target = probabilities.AsSpan(row * classes, classes);
                model.Scores(standardised.Row(row), scores);
                if (outputs == 1)
                    scores[0] = selection.Calibration.Slope * scores[0] + selection.Calibration.Offset;
                LinearModel.Probabilities(scores, target);
                decisions[row] = outputs == 1 ? (target[1] >= selection.Threshold ? 1 : 0) : TensorPrimitives.IndexOfMax(target);
            }
        });
        return (probabilities, decisions);
    }

    public static double[] ClassWeights(int[] labels, int[] rows, int classes, ClassWeighting weighting)
    {
        var weights = new double[classes];
        foreach (var row in rows)
            weights[labels[row]]++;
        for (var label = 0; label < classes; label++)
            weights[label] = weighting == ClassWeighting.Balanced ? rows.Length / (classes * weights[label]) : 1;
        return weights;
    }
}
