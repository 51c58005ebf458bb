namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>A difference of accuracies: its mean over splits, the standard error of the mean and whether it can be told from 0.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error; infinite with one split.</param>
/// <param name="Degrees">The degrees of freedom behind the standard error; 0 with one split.</param>
internal readonly record struct Contrast(double Mean, double StandardError, double Degrees)
{
    /// <summary>Two-sided 95 % points of Student's t for 1 to 10 degrees of freedom (Fisher and Yates, "Statistical Tables", 1938).</summary>
    private static readonly double[] Student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

    /// <summary>1 where the mean is above 0 at the 95 % level, -1 where it is below, 0 where it cannot be told.</summary>
    public int Sign => Degrees >= 1 && Math.Abs(Mean) > Student[(int)Math.Min(Degrees, Student.Length) - 1] * StandardError ? Math.Sign(Mean) : 0;

    /// <summary>Summarises one value a split.</summary>
    public static Contrast Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new TransferException("A contrast has the values of one or more splits; received none. Train every network of a split first.");
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Contrast(mean, values.Count == 1 ? double.PositiveInfinity : Math.Sqrt(variance / values.Count), values.Count - 1);
    }

    /// <summary>
    /// A weighted sum of independent contrasts, its degrees of freedom as Welch ("The generalization of 'Student's' problem when several different population
    /// variances are involved", Biometrika 1947) has them.
    /// </summary>
    public static Contrast Sum(params ReadOnlySpan<(double Weight, Contrast Contrast)> terms)
    {
        var (mean, variance, spread) = (0.0, 0.0, 0.0);
        foreach (var (weight, contrast) in terms)
        {
            if (contrast.Degrees == 0)
                spread = double.PositiveInfinity;
            var part = Math.Pow(weight * contrast.StandardError, 2);
            mean += weight * contrast.Mean;
            variance += part;
            spread += part * part / contrast.Degrees;
        }

        return new Contrast(mean, Math.Sqrt(variance), double.IsFinite(spread) && spread > 0 ? variance * variance / spread : 0);
    }
}
