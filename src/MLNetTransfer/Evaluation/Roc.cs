namespace MLNetTransfer.Evaluation;

/// <summary>The receiver operating characteristic of one class against the rest, from scores and truth.</summary>
internal static class Roc
{
    /// <summary>
    /// The probability that a random positive scores above a random negative, ties counted half: the Mann-Whitney statistic from midranks.
    /// Null when either kind is missing.
    /// </summary>
    public static double? Auc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        long positives = 0, below = 0;
        double pairs = 0; // positives above a negative, in pairs; whole and half numbers, exact in a double
        foreach (var (tiedPositives, tiedNegatives) in Ascending(scores, isPositive))
        {
            pairs += (double)tiedPositives * below + tiedPositives * (double)tiedNegatives / 2;
            positives += tiedPositives;
            below += tiedNegatives;
        }
        return positives == 0 || below == 0 ? null : pairs / ((double)positives * below);
    }

    /// <summary>
    /// The curve from (0, 0) to (1, 1), one point a distinct score, less those in the middle of equal steps. Empty when either kind is missing.
    /// </summary>
    public static IReadOnlyList<RocPoint> Curve(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        var steps = Ascending(scores, isPositive);
        steps.Reverse();
        double positives = steps.Sum(step => step.Positives), negatives = steps.Sum(step => step.Negatives);
        if (positives == 0 || negatives == 0)
            return [];
        List<RocPoint> curve = [new(0, 0)];
        int above = 0, aboveFalsely = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            above += steps[i].Positives;
            aboveFalsely += steps[i].Negatives;
            if (i == steps.Count - 1 || steps[i] != steps[i + 1])
                curve.Add(new(aboveFalsely / negatives, above / positives));
        }
        return curve.AsReadOnly();
    }

    // How many positives and negatives share each distinct score, from the lowest score to the highest.
    private static List<(int Positives, int Negatives)> Ascending(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        var sorted = scores.ToArray();
        var truth = isPositive.ToArray();
        Array.Sort(sorted, truth);
        List<(int Positives, int Negatives)> groups = [];
        for (int i = 0, start = 0; i < sorted.Length; start = i)
        {
            var positives = 0;
            for (; i < sorted.Length && sorted[i] == sorted[start]; i++)
                positives += truth[i] ? 1 : 0;
            groups.Add((positives, i - start - positives));
        }
        return groups;
    }
}
