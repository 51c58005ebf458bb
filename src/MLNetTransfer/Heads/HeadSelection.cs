using MLNetTransfer.Images;

namespace MLNetTransfer.Heads;

/// <summary>What cross-validation chooses for one set of training rows.</summary>
internal sealed record HeadSelection(float L2, PlattScaling Calibration, float Threshold)
{
    /// <summary>Relative decrease at which a fit stops: differences between folds are thousands of times larger.</summary>
    public const double Tolerance = 1e-7;

    /// <summary>Weaker regularisations in a row that may be worse before the rest, the slowest to fit, is left out.</summary>
    private const int Patience = 2;

    /// <summary>How good the choice was on the folds it was not fitted to.</summary>
    public CrossValidated Validated { get; private init; } = CrossValidated.Nothing;

    /// <summary>
    /// Chooses by grouped stratified cross-validation (of many images by one fold of it) on the given rows: the L2 with the lowest weighted log-loss (the stronger of equals),
    /// then the calibration and the threshold on the predictions of that L2. Rows too few to divide (a class in one group only)
    /// get the middle of the grid, no calibration and .5.
    /// </summary>
    public static HeadSelection Choose(
        Design design, int[] labels, int[] groups, int[] rows, double[] classWeights, HeadOptions options, int threads, CancellationToken cancellation)
    {
        var strengths = options.L2Grid.Distinct().OrderDescending().ToArray();
        var count = FoldCount(labels, groups, rows, classWeights.Length, options.Folds);
        if (count < 2)
            return new HeadSelection(strengths[strengths.Length / 2], PlattScaling.Identity, .5f);

        var folds = StratifiedSplit.Folds([.. rows.Select(row => labels[row])], [.. rows.Select(row => groups[row])], count, options.Seed);
        var outputs = LinearModel.OutputsFor(classWeights.Length);
        var isMany = HeadOptions.IsMany(rows.Length);
        var fits = isMany ? 1 : count;
        int[][] trains = [.. Enumerable.Range(0, fits).Select(fold => Where(rows, i => folds[i] != fold))];
        var judged = Where(rows, i => folds[i] < fits);
        int[] foldOf = [.. Enumerable.Range(0, rows.Length).Where(i => folds[i] < fits).Select(i => folds[i])];
        int[] judgedLabels = [.. judged.Select(row => labels[row])];
        var (atATime, inside) = isMany ? (1, threads) : (threads, 1);
        // The optimum of a stronger regularisation is the start of the next.
        var parameters = trains.Select(_ => new double[outputs * (design.Columns + 1)]).ToArray();
        var (chosenL2, chosenScores, lowest, sinceLowest) = (0f, Array.Empty<double>(), double.PositiveInfinity, 0);
        foreach (var l2 in strengths)
        {
            var scores = new double[judged.Length * outputs];
            Parallel.For(0, fits, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellation }, fold =>
            {
                var model = Fit(design, labels, trains[fold], classWeights, l2, parameters[fold], Tolerance, inside, cancellation);
                for (var i = 0; i < judged.Length; i++)
                    if (foldOf[i] == fold)
                        model.Scores(judged[i], scores.AsSpan(i * outputs, outputs));
            });
            var loss = WeightedLoss(scores, judgedLabels, classWeights, outputs);
            if (loss < lowest)
                (chosenL2, chosenScores, lowest, sinceLowest) = (l2, scores, loss, 0);
            else if (++sinceLowest == Patience)
                break;
        }
        var selection = OfScores(chosenL2, chosenScores, judgedLabels, fits > 1 ? foldOf : [.. judged.Select((_, i) => i % count)]);
        return selection with { Validated = CrossValidated.Of(chosenScores, judgedLabels, classWeights, selection) };
    }

    /// <summary>Chooses the calibration and the threshold on the scores of images that were not learnt from.</summary>
    /// <param name="l2">The regularisation they were made with.</param>
    /// <param name="scores">One score an image for two classes; for more classes nothing is chosen.</param>
    /// <param name="labels">The class of every image.</param>
    /// <param name="folds">The fold of every image, from 0: a calibration is judged on the folds it was not fitted on.</param>
    public static HeadSelection OfScores(float l2, double[] scores, int[] labels, int[] folds)
    {
        if (scores.Length != labels.Length || folds.Max() == folds.Min())
            return new HeadSelection(l2, PlattScaling.Identity, .5f);
        var calibration = PlattScaling.WhenItHelps(scores, labels, folds);
        return new HeadSelection(l2, calibration, DecisionThreshold.Choose([.. scores.Select(calibration.Probability)], labels));
    }

    /// <summary>The same selection, made for the second of two classes, for a head whose positive class is the first.</summary>
    public HeadSelection ForFirstClass() => this with { Calibration = Calibration with { Offset = -Calibration.Offset }, Threshold = 1 - Threshold };

    /// <summary>Probabilities of the scores of an image, calibrated, and the index of the class decided for. The scores are used up.</summary>
    public int Decide(Span<double> scores, Span<double> probabilities)
    {
        if (scores.Length == 1)
            scores[0] = Calibration.Slope * scores[0] + Calibration.Offset;
        LinearModel.Probabilities(scores, probabilities);
        return scores.Length == 1 ? probabilities[1] >= Threshold ? 1 : 0 : System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(probabilities);
    }

    /// <summary>Fits the rows, starting from (and moving) the parameters.</summary>
    public static LinearModel Fit(
        Design design, int[] labels, int[] rows, double[] classWeights, float l2, double[] parameters, double tolerance = Tolerance, int threads = 1,
        CancellationToken cancellation = default)
    {
        var objective = new LogisticObjective(design, labels, rows, classWeights, l2, threads, cancellation);
        Lbfgs.Minimize(objective.Evaluate, parameters, tolerance);
        var model = new LinearModel(design.Features, LinearModel.OutputsFor(classWeights.Length));
        model.Fold(design, parameters);
        return model;
    }

    /// <summary>As many folds as asked, but no more than the class found in the fewest groups has groups.</summary>
    public static int FoldCount(int[] labels, int[] groups, int[] rows, int classes, int asked) =>
        Math.Min(asked, GroupsOfClasses(labels, groups, rows, classes).Min());

    /// <summary>The number of groups of every class; as in <see cref="StratifiedSplit"/>, a group of several classes counts for the most frequent one.</summary>
    public static int[] GroupsOfClasses(int[] labels, int[] groups, int[] rows, int classes)
    {
        var counts = new int[classes];
        foreach (var group in rows.GroupBy(row => groups[row]))
            counts[group.GroupBy(row => labels[row]).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).First().Key]++;
        return counts;
    }

    private static int[] Where(int[] rows, Func<int, bool> condition) => [.. rows.Where((_, i) => condition(i))];

    private static double WeightedLoss(double[] scores, int[] labels, double[] classWeights, int outputs)
    {
        var sum = 0d;
        for (var i = 0; i < labels.Length; i++)
            sum += classWeights[labels[i]] * LinearModel.Loss(scores.AsSpan(i * outputs, outputs), labels[i]);
        return sum;
    }
}
