namespace MLNetTransfer.Evaluation;

/// <summary>The difference of two accuracies measured on the same images.</summary>
/// <param name="Value">The second accuracy minus the first, -1 to 1.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
public readonly record struct PairedDifference(double Value, double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The mean of the differences of the images, with the 95 % interval of D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a difference
    /// of binomial proportions based on paired data" (2012): one image that the first alone gets right and one that the second alone gets right are
    /// added, so that the interval keeps a width where both agree on every image.
    /// </summary>
    /// <param name="differences">
    /// For every image, how often the second is right minus how often the first is, as a share of the repetitions: 1, 0 or -1 for one repetition.
    /// </param>
    /// <exception cref="ArgumentException">There is no image, or a difference outside -1 to 1.</exception>
    public static PairedDifference Of(IReadOnlyCollection<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Count == 0 || differences.Any(difference => !(Math.Abs(difference) <= 1)))
            throw new ArgumentException("There is one difference of -1 to 1 for every image, and one image or more.", nameof(differences));
        var count = differences.Count + 2.0;
        var mean = differences.Sum() / count;
        var variance = ((differences.Sum(difference => difference * difference) + 2) / count) - (mean * mean);
        var half = Z * Math.Sqrt(variance / count);
        return new PairedDifference(differences.Average(), Math.Max(mean - half, -1), Math.Min(mean + half, 1));
    }
}
