namespace MLNetTransfer.Heads;

/// <summary>The probability from which on an image counts as positive.</summary>
internal static class DecisionThreshold
{
    /// <summary>
    /// Among the thresholds whose balanced accuracy is within one standard error of the best, the one closest to .5: a threshold moves
    /// away from .5 only when the images demand it. Candidates are .5 and the middles between neighbouring probabilities.
    /// </summary>
    public static float Choose(double[] probabilities, int[] labels)
    {
        var order = Enumerable.Range(0, labels.Length).OrderBy(i => probabilities[i]).ToArray();
        var positives = labels.Count(label => label == 1);
        var negatives = labels.Length - positives;
        List<(double Threshold, int TruePositives, int TrueNegatives)> candidates = [];
        int truePositives = positives, trueNegatives = 0;
        var halfPending = true;
        for (var i = 0; i < order.Length; i++)
        {
            var probability = probabilities[order[i]];
            if (halfPending && probability >= .5)
            {
                candidates.Add((.5, truePositives, trueNegatives));
                halfPending = false;
            }
            if (labels[order[i]] == 1)
                truePositives--;
            else
                trueNegatives++;
            if (i + 1 < order.Length && probabilities[order[i + 1]] > probability)
                candidates.Add(((probability + probabilities[order[i + 1]]) / 2, truePositives, trueNegatives));
        }
        if (halfPending)
            candidates.Add((.5, truePositives, trueNegatives));

        var best = candidates.MaxBy(BalancedAccuracy);
        var floor = BalancedAccuracy(best) - StandardError(best);
        return (float)candidates.Where(candidate => BalancedAccuracy(candidate) >= floor)
            .MinBy(candidate => Math.Abs(candidate.Threshold - .5)).Threshold;

        double BalancedAccuracy((double Threshold, int TruePositives, int TrueNegatives) candidate) =>
            ((double)candidate.TruePositives / positives + (double)candidate.TrueNegatives / negatives) / 2;

        // One success and one failure are added to each class, so that a perfect split of few images is not taken for certain.
        double StandardError((double Threshold, int TruePositives, int TrueNegatives) candidate) =>
            Math.Sqrt(Variance(candidate.TruePositives, positives) + Variance(candidate.TrueNegatives, negatives)) / 2;

        static double Variance(int right, int count)
        {
            var rate = (right + 1d) / (count + 2);
            return rate * (1 - rate) / (count + 2);
        }
    }
}
