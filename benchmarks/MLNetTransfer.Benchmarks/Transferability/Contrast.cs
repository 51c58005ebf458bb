namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>A difference of accuracies, one value a split: its mean, its standard error and whether it can be told from 0.</summary>
internal sealed class Contrast
{
    /// <summary>Two-sided 95 % points of Student's t for 1 to 10 degrees of freedom (Fisher and Yates, "Statistical Tables", 1938).</summary>
    private static readonly double[] Student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

    /// <summary>Summarises the values of one or more splits.</summary>
    public Contrast(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new TransferException("A contrast has the values of one or more splits; received none. Train every network of a split first.");
        Values = values;
        Mean = values.Average();
        StandardError = values.Count == 1 ? double.PositiveInfinity : Math.Sqrt(values.Sum(value => (value - Mean) * (value - Mean)) / (values.Count - 1) / values.Count);
    }

    /// <summary>One value a split.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The mean over splits.</summary>
    public double Mean { get; }

    /// <summary>The standard error of the mean; infinite with one split.</summary>
    public double StandardError { get; }

    /// <summary>1 where the mean is above 0 at the 95 % level, -1 where it is below, 0 where it cannot be told.</summary>
    public int Sign => SignOf(Mean, StandardError, Values.Count);

    /// <summary>The same of any mean and its standard error.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="count">The values behind it; degrees of freedom are one less, above 10 taken for 10.</param>
    public static int SignOf(double mean, double error, int count) =>
        Math.Abs(mean) > Student[Math.Clamp(count - 2, 0, Student.Length - 1)] * error ? Math.Sign(mean) : 0;
}
