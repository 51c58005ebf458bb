namespace MLNetTransfer.Torch.Experiments;

/// <summary>
/// F. Wilcoxon's signed-rank test ("Individual comparisons by ranking methods", 1945), two-sided and exact: differences of 0 are left out, equal ones share the mean of their ranks, and the
/// distribution is that of all signs of these ranks.
/// </summary>
internal static class SignedRank
{
    // Differences of accuracies that are equal on paper differ by rounding.
    private const double Tolerance = 1e-12;

    /// <summary>The p-value; null where no difference is other than 0.</summary>
    public static double? PValue(IReadOnlyList<double> differences)
    {
        double[] other = [.. differences.Where(difference => Math.Abs(difference) > Tolerance)];
        if (other.Length == 0)
            return null;
        // Twice the ranks are whole numbers.
        int[] ranks = [.. Ranks.Of([.. other.Select(difference => -Math.Abs(difference))], Tolerance).Select(rank => (int)(2 * rank))];
        var observed = ranks.Zip(other).Where(pair => pair.Second > 0).Sum(pair => pair.First);
        var shares = new double[ranks.Sum() + 1];
        shares[0] = 1;
        foreach (var rank in ranks)
            for (var sum = shares.Length - 1; sum >= 0; sum--)
                shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2;
        return Math.Min(1, 2 * Math.Min(shares.Take(observed + 1).Sum(), shares.Skip(observed).Sum()));
    }
}
