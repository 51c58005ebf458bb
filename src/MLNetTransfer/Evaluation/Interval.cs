namespace MLNetTransfer.Evaluation;

/// <summary>A closed interval of a proportion.</summary>
/// <param name="Low">The lower end, 0 to 1.</param>
/// <param name="High">The upper end, <paramref name="Low"/> to 1.</param>
public readonly record struct Interval(double Low, double High)
{
    // The 97.5 % quantile of the standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The 95 % score interval of a proportion (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927;
    /// without continuity correction). Unlike the textbook interval it stays inside 0..1 and keeps a width at 0 and at 1.
    /// </summary>
    /// <param name="successes">How many of the trials succeeded, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">The number of trials, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or the successes are not among them.</exception>
    public static Interval Wilson(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        return OfShare((double)successes / trials, trials);
    }

    /// <summary>The same for a share of the trials that need be no whole number of them, such as a mean over repetitions.</summary>
    internal static Interval OfShare(double share, int trials)
    {
        double n = trials, shrink = 1 + Z * Z / n;
        var centre = (share + Z * Z / (2 * n)) / shrink;
        var half = Z * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / shrink;
        // Exactly 0 and 1 at the ends, where rounding would leave a 1e-17.
        return new Interval(share <= 0 ? 0 : centre - half, share >= 1 ? 1 : centre + half);
    }
}
