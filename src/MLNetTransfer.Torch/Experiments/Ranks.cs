namespace MLNetTransfer.Torch.Experiments;

/// <summary>Ranks of values: 1 for the highest; equal ones share the mean of theirs.</summary>
internal static class Ranks
{
    /// <summary>The rank of every value.</summary>
    /// <param name="values">The values; NaN comes last.</param>
    /// <param name="tolerance">How far apart neighbours may be and still count as equal.</param>
    public static double[] Of(IReadOnlyList<double> values, double tolerance = 0)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderByDescending(i => values[i])];
        var ranks = new double[order.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && (values[order[end - 1]] - values[order[end]] <= tolerance || double.IsNaN(values[order[end - 1]]));)
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2d;
        }
        return ranks;
    }
}
