namespace MLNetTransfer.Diagnosis;

/// <summary>R. A. Fisher's exact test: do two samples have the same share of something?</summary>
internal static class FisherExact
{
    /// <summary>The two-sided p-value: how probable is a table as improbable as this one, margins fixed?</summary>
    /// <param name="with">How many of the first sample have it.</param>
    /// <param name="of">The size of the first sample.</param>
    /// <param name="otherWith">How many of the second sample have it.</param>
    /// <param name="otherOf">The size of the second sample.</param>
    public static double PValue(int with, int of, int otherWith, int otherOf)
    {
        var (all, having) = (of + otherOf, with + otherWith);
        var logs = new double[all + 1];
        for (var i = 1; i <= all; i++)
            logs[i] = logs[i - 1] + Math.Log(i);
        double Log(int k) => logs[of] - logs[k] - logs[of - k] + logs[otherOf] - logs[having - k] - logs[otherOf - having + k]
            - logs[all] + logs[having] + logs[all - having];
        var (observed, sum) = (Log(with), 0d);
        for (var k = Math.Max(0, having - otherOf); k <= Math.Min(of, having); k++)
            if (Log(k) <= observed + 1e-7)
                sum += Math.Exp(Log(k));
        return Math.Min(1, sum);
    }
}
