namespace MLNetTransfer.Backbones.Quantization;

/// <summary>How much of what tells images apart survives in features that are not quite exact.</summary>
internal static class FeatureNoise
{
    /// <summary>No difference at all counts as this much.</summary>
    public const double Most = 100;

    /// <summary>
    /// Ten times the decimal logarithm of (variance of the exact features over the images, summed over features) / (mean squared difference, summed over
    /// features). One image has no variance: there the mean square of the features stands in for it.
    /// </summary>
    /// <param name="exact">The features to keep.</param>
    /// <param name="received">The features in their place, of the same size.</param>
    public static double Decibels(FeatureMatrix exact, FeatureMatrix received)
    {
        var (signal, noise) = (0.0, 0.0);
        var mean = new double[exact.Columns];
        for (var row = 0; row < exact.Rows && exact.Rows > 1; row++)
            for (var column = 0; column < mean.Length; column++)
                mean[column] += exact.Row(row)[column] / (double)exact.Rows;
        for (var row = 0; row < exact.Rows; row++)
        {
            var expected = exact.Row(row);
            var actual = received.Row(row);
            for (var column = 0; column < mean.Length; column++)
            {
                var (centred, miss) = (expected[column] - mean[column], (double)actual[column] - expected[column]);
                (signal, noise) = (signal + (centred * centred), noise + (miss * miss));
            }
        }
        return noise == 0 ? Most : signal == 0 ? -Most : Math.Clamp(10 * Math.Log10(signal / noise), -Most, Most);
    }
}
