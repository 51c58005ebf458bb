namespace MLNetTransfer.Torch.Experiments;

/// <summary>The exact two-sided sign test; on the images that one of two classifiers alone gets right it is McNemar's (Q. McNemar, "Note on the sampling error of the difference between correlated proportions", 1947).</summary>
internal static class SignTest
{
    /// <summary>Twice the smaller tail of a fair coin, at most 1.</summary>
    /// <param name="better">How many speak for the one.</param>
    /// <param name="worse">How many speak for the other; ties are left out before.</param>
    public static double PValue(int better, int worse)
    {
        var count = better + worse;
        var (term, tail) = (-count * Math.Log(2), 0d);
        for (var k = 0; k <= Math.Min(better, worse); k++)
        {
            tail += Math.Exp(term);
            term += Math.Log(count - k) - Math.Log(k + 1);
        }
        return Math.Min(1, 2 * tail);
    }
}
