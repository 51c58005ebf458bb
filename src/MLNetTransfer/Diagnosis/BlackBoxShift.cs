using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// Black-box shift estimation: with C_ij the share of source images predicted i that are j, and m_i the share of target images predicted i, the weights w of
/// the classes solve C w = m, and the target's share of class j is w_j p_j (Lipton, Wang and Smola 2018, equations 2 to 4). Shares below 0 are set to 0
/// and all are scaled to sum to 1.
/// </summary>
internal static class BlackBoxShift
{
    private const int Bootstraps = 1000;

    /// <summary>A pivot as small as this, of entries that sum to 1, means that the head does not tell two classes apart.</summary>
    private const double LeastPivot = 1e-3;

    /// <summary>The share of bootstrap samples that must have a solution.</summary>
    private const double LeastSolved = .95;

    /// <summary>Estimates the shares with their intervals; null when the predictions do not determine them.</summary>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="labels">The class of every source image.</param>
    /// <param name="predictions">What a head that did not learn from the image predicts for it.</param>
    /// <param name="targetPredictions">What the source head predicts for every target image.</param>
    /// <param name="permutations">How many permutations give the p-value.</param>
    /// <param name="random">Draws bootstrap samples and permutations.</param>
    public static LabelShiftEvidence? Estimate(
        IReadOnlyList<string> classes, IReadOnlyList<int> labels, IReadOnlyList<int> predictions, IReadOnlyList<int> targetPredictions,
        int permutations, RandomStream random)
    {
        var count = classes.Count;
        if (Shares(count, labels, predictions, targetPredictions) is not { } estimate)
            return null;
        List<double>[] shares = [.. classes.Select(_ => new List<double>())];
        var solved = 0;
        for (var b = 0; b < Bootstraps; b++)
        {
            var draw = random.At(b);
            var rows = Draw(labels.Count, draw);
            int[] drawn = [.. rows.Select(row => labels[row])];
            if (Shares(count, drawn, [.. rows.Select(row => predictions[row])], [.. Draw(targetPredictions.Count, draw).Select(row => targetPredictions[row])]) is not { } sample)
                continue;
            solved++;
            for (var j = 0; j < count; j++)
                shares[j].Add(sample[j]);
        }
        if (solved < LeastSolved * Bootstraps)
            return null;
        return new LabelShiftEvidence(classes, [.. Enumerable.Range(0, count).Select(j => (double)labels.Count(label => label == j) / labels.Count)],
            estimate, [.. shares.Select(Interval)], PValue(count, predictions, targetPredictions, permutations, random), (double)labels.Where((label, i) => label == predictions[i]).Count() / labels.Count);
    }

    /// <summary>The shares of the classes; null where the equations have no stable solution.</summary>
    internal static double[]? Shares(int classes, IReadOnlyList<int> labels, IReadOnlyList<int> predictions, IReadOnlyList<int> targetPredictions)
    {
        // C with m as its last column.
        var equations = new double[classes, classes + 1];
        var prior = new double[classes];
        for (var i = 0; i < labels.Count; i++)
        {
            equations[predictions[i], labels[i]] += 1.0 / labels.Count;
            prior[labels[i]] += 1.0 / labels.Count;
        }
        foreach (var prediction in targetPredictions)
            equations[prediction, classes] += 1.0 / targetPredictions.Count;
        // A class that occurs in no image of a bootstrap sample leaves its share open.
        if (prior.Contains(0) || !Solve(equations, classes))
            return null;
        var shares = new double[classes];
        for (var j = 0; j < classes; j++)
            shares[j] = Math.Max(0, equations[j, classes] * prior[j]);
        var sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(share => share / sum)] : null;
    }

    /// <summary>
    /// The test of the same paper (section 4): are the classes predicted in the same proportions? Chi-squared by permutation, which is right for any number of images.
    /// </summary>
    internal static double PValue(int classes, IReadOnlyList<int> predictions, IReadOnlyList<int> targetPredictions, int permutations, RandomStream random)
    {
        int[] all = [.. predictions, .. targetPredictions];
        var totals = new int[classes];
        foreach (var prediction in all)
            totals[prediction]++;
        var (observed, exceeding) = (Distance(all), 0);
        for (var i = 0; i < permutations; i++)
        {
            var permuted = (int[])all.Clone();
            random.At(-1 - i).Shuffle<int>(permuted);
            exceeding += Distance(permuted) >= observed - 1e-9 ? 1 : 0;
        }
        return (1.0 + exceeding) / (1 + permutations);

        // Chi-squared but for a factor that no permutation changes.
        double Distance(int[] called)
        {
            var counts = new int[classes];
            foreach (var prediction in called.AsSpan(predictions.Count))
                counts[prediction]++;
            var sum = 0d;
            for (var k = 0; k < classes; k++)
                if (totals[k] > 0)
                    sum += Math.Pow(counts[k] - ((double)totals[k] * targetPredictions.Count / all.Length), 2) / totals[k];
            return sum;
        }
    }

    /// <summary>Gauss and Jordan with partial pivoting.</summary>
    private static bool Solve(double[,] equations, int count)
    {
        for (var column = 0; column < count; column++)
        {
            var pivot = Enumerable.Range(column, count - column).MaxBy(row => Math.Abs(equations[row, column]));
            if (Math.Abs(equations[pivot, column]) < LeastPivot / count)
                return false;
            for (var k = 0; k <= count; k++)
                (equations[pivot, k], equations[column, k]) = (equations[column, k], equations[pivot, k]);
            for (var row = 0; row < count; row++)
            {
                var factor = row == column ? 0 : equations[row, column] / equations[column, column];
                for (var k = column; factor != 0 && k <= count; k++)
                    equations[row, k] -= factor * equations[column, k];
            }
        }
        for (var row = 0; row < count; row++)
            equations[row, count] /= equations[row, row];
        return true;
    }

    private static int[] Draw(int count, RandomStream random)
    {
        var rows = new int[count];
        for (var i = 0; i < count; i++)
            rows[i] = random.NextInt32(count);
        return rows;
    }

    /// <summary>The middle 95 %.</summary>
    private static Interval Interval(List<double> values)
    {
        values.Sort();
        return new Interval(values[(int)(.025 * (values.Count - 1))], values[(int)Math.Ceiling(.975 * (values.Count - 1))]);
    }
}
