using MLNetTransfer.Images;

namespace MLNetTransfer.Heads;

/// <summary>
/// Nested cross-validation: every image is predicted by a head that saw neither it nor its near-duplicates, with everything
/// (which features, standardisation, L2, calibration, threshold) chosen on the images that head learned from.
/// </summary>
internal static class NestedValidation
{
    /// <summary>The probabilities (images x classes) and the decided classes.</summary>
    public static (double[] Probabilities, int[] Decisions) Predict(
        IReadOnlyList<FeatureView> candidates, int[] labels, int[] groups, int classes, HeadOptions options, int threads, CancellationToken cancellation)
    {
        var (probabilities, decisions, _) = Run(candidates, labels, groups, classes, options, isWithChoice: false, threads, cancellation);
        return (probabilities, decisions);
    }

    /// <summary>The same, and the choice for all images, made beside the folds so that no thread waits.</summary>
    public static (double[] Probabilities, int[] Decisions, CandidateChoice Choice) PredictAndChoose(
        IReadOnlyList<FeatureView> candidates, int[] labels, int[] groups, int classes, HeadOptions options, int threads, CancellationToken cancellation)
    {
        var (probabilities, decisions, choice) = Run(candidates, labels, groups, classes, options, isWithChoice: true, threads, cancellation);
        return (probabilities, decisions, choice!);
    }

    private static (double[] Probabilities, int[] Decisions, CandidateChoice? Choice) Run(
        IReadOnlyList<FeatureView> candidates, int[] labels, int[] groups, int classes, HeadOptions options, bool isWithChoice, int threads,
        CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, labels.Length)];
        var count = HeadSelection.FoldCount(labels, groups, all, classes, options.OuterFoldsOf(labels.Length));
        var folds = StratifiedSplit.Folds(labels, groups, count, options.Seed);
        var probabilities = new double[labels.Length * classes];
        var decisions = new int[labels.Length];
        var (atATime, inside) = HeadOptions.IsMany(labels.Length) ? (1, threads) : (threads, 1);
        CandidateChoice? ofAll = null;
        Parallel.For(0, isWithChoice ? count + 1 : count, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellation }, fold =>
        {
            // No image has the fold past the last.
            int[] train = [.. all.Where(row => folds[row] != fold)];
            var weights = ClassWeights(labels, train, classes, options.ClassWeights);
            var choice = CandidateChoice.Choose(candidates, labels, groups, train, weights, options, inside, cancellation);
            if (fold == count)
            {
                ofAll = choice;
                return;
            }
            var outputs = LinearModel.OutputsFor(classes);
            var model = choice.Selection.Model ?? HeadSelection.Fit(choice.Design, labels, train, weights, choice.Selection.L2, new double[outputs * (choice.Design.Columns + 1)], HeadSelection.Tolerance, inside, cancellation);
            var scores = new double[outputs];
            foreach (var row in all.Where(row => folds[row] == fold))
            {
                model.Scores(row, scores);
                decisions[row] = choice.Selection.Decide(scores, probabilities.AsSpan(row * classes, classes));
            }
        });
        return (probabilities, decisions, ofAll);
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
