using MLNetTransfer.Images;

namespace MLNetTransfer.Heads;

/// <summary>What cross-validation chooses for one set of training rows.</summary>
internal sealed record HeadSelection(float L2, PlattScaling Calibration, float Threshold)
{
    /// <summary>Relative decrease at which a fit stops: differences between folds are thousands of times larger.</summary>
    public const double Tolerance = 1e-7;

    /// <summary>The same while strengths are compared: the losses of neighbouring ones differ by percents, those of such a fit and its optimum by .1 % at most.</summary>
    private const double RoughTolerance = 1e-5;

    /// <summary>Weaker regularisations in a row that may be worse before the rest, the slowest to fit, is left out.</summary>
    private const int Patience = 2;

    /// <summary>How good the choice was on the folds it was not fitted to.</summary>
    public CrossValidated Validated { get; private init; } = CrossValidated.Nothing;

    /// <summary>The model fitted to all rows with what was chosen; null where none came with the choice.</summary>
    public LinearModel? Model { get; private init; }

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
        var isMany = HeadOptions.IsMany(rows.Length);
        var chosen = isMany || FoldFits.NeedTooMuch(rows.Length, count, classWeights.Length)
            ? FoldByFold(design, labels, rows, folds, isMany ? 1 : count, classWeights, strengths, threads, cancellation)
            : Together(design, labels, rows, folds, count, classWeights, strengths, threads, cancellation);
        var selection = OfScores(chosen.L2, chosen.Scores, chosen.Labels, chosen.Folds);
        return selection with { Validated = CrossValidated.Of(chosen.Scores, chosen.Labels, classWeights, selection), Model = chosen.Model };
    }

    /// <summary>All folds are fitted together, and with them, for the choice to come with its model, all rows.</summary>
    private static Chosen Together(
        Design design, int[] labels, int[] rows, int[] folds, int count, double[] classWeights, float[] strengths, int threads, CancellationToken cancellation)
    {
        var outputs = LinearModel.OutputsFor(classWeights.Length);
        int[][] parts = [.. Enumerable.Range(0, count).Select(fold => Where(rows, i => folds[i] == fold))];
        var fits = new FoldFits(design, labels, parts, classWeights, threads, cancellation);
        int[] judgedLabels = [.. rows.Select(row => labels[row])];
        var chosen = Descend(strengths, judgedLabels, folds, classWeights, l2 => ScoresAt(l2, RoughTolerance));
        return chosen with { Scores = ScoresAt(chosen.L2, Tolerance), Model = fits.ModelOf(count) };

        double[] ScoresAt(float l2, double tolerance)
        {
            fits.MoveTo(l2, tolerance);
            var models = Enumerable.Range(0, count).Select(fits.ModelOf).ToArray();
            var scores = new double[rows.Length * outputs];
            for (var i = 0; i < rows.Length; i++)
                models[folds[i]].Scores(rows[i], scores.AsSpan(i * outputs, outputs));
            return scores;
        }
    }

    /// <summary>Some folds are fitted and judged: one of many images, where a fit is enough work for all threads.</summary>
    private static Chosen FoldByFold(
        Design design, int[] labels, int[] rows, int[] folds, int fits, double[] classWeights, float[] strengths, int threads, CancellationToken cancellation)
    {
        var outputs = LinearModel.OutputsFor(classWeights.Length);
        int[][] trains = [.. Enumerable.Range(0, fits).Select(fold => Where(rows, i => folds[i] != fold))];
        var judged = Where(rows, i => folds[i] < fits);
        int[] foldOf = [.. folds.Where(fold => fold < fits)];
        var (atATime, inside) = fits == 1 ? (1, threads) : (threads, 1);
        // The optimum of a stronger regularisation is the start of the next.
        var parameters = trains.Select(_ => new double[outputs * (design.Columns + 1)]).ToArray();
        // A calibration takes folds to be judged on, also where one alone was.
        int[] divided = fits > 1 ? foldOf : [.. judged.Select((_, i) => i % (folds.Max() + 1))];
        return Descend(strengths, [.. judged.Select(row => labels[row])], divided, classWeights, l2 =>
        {
            var scores = new double[judged.Length * outputs];
            Parallel.For(0, fits, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellation }, fold =>
            {
                var model = Fit(design, labels, trains[fold], classWeights, l2, parameters[fold], Tolerance, inside, cancellation);
                for (var i = 0; i < judged.Length; i++)
                    if (foldOf[i] == fold)
                        model.Scores(judged[i], scores.AsSpan(i * outputs, outputs));
            });
            return scores;
        });
    }

    /// <summary>Takes the strongest of the best, from the strongest on, until weaker ones have been worse too often in a row.</summary>
    private static Chosen Descend(
        float[] strengths, int[] labels, int[] folds, double[] classWeights, Func<float, double[]> scoresAt)
    {
        var (chosen, lowest, sinceLowest) = (default(Chosen), double.PositiveInfinity, 0);
        foreach (var l2 in strengths)
        {
            var scores = scoresAt(l2);
            var loss = WeightedLoss(scores, labels, classWeights, scores.Length / labels.Length);
            if (loss < lowest)
                (chosen, lowest, sinceLowest) = (new Chosen(l2, scores, labels, folds, null), loss, 0);
            else if (++sinceLowest == Patience)
                break;
        }
        return chosen!;
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
    public HeadSelection ForFirstClass() => this with { Calibration = Calibration with { Offset = -Calibration.Offset }, Threshold = 1 - Threshold, Model = Model?.Negated() };

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

    /// <summary>The chosen strength, and the scores, classes and folds of the images that were judged.</summary>
    private sealed record Chosen(float L2, double[] Scores, int[] Labels, int[] Folds, LinearModel? Model);
}
