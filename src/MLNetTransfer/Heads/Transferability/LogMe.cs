namespace MLNetTransfer.Heads.Transferability;

/// <summary>
/// How well features fit a task before anything is trained: the logarithm of the maximum evidence (K. You, Y. Liu, J. Wang, M. Long, LogME:
/// Practical Assessment of Pre-trained Models for Transfer Learning, ICML 2021). For each class, a linear model of its indicator y (1 for its images, 0
/// for others) with weights drawn from N(0, I / alpha) and noise from N(0, I / beta) gives y the density N(y; 0, F F' / alpha + I / beta), which rewards a
/// good fit and punishes one that needs many or long weights. alpha and beta are those that make it largest, by the fixed-point iteration of the paper
/// (equation 4) run on their ratio, to convergence instead of for a few steps, from the best point of a grid: the evidence may have several
/// maxima.
/// </summary>
public static class LogMe
{
    private const double Tolerance = 1e-12;
    private const int MostIterations = 1000;
    private const double Beyond = 1e10;
    private const double GridFactor = 1.8;

    /// <summary>Scores features: higher is better. Comparable between features of the same images, not between data sets.</summary>
    /// <param name="features">One row an image; 2 or more, not all equal.</param>
    /// <param name="labels">The class of each row, from 0; 2 or more different ones.</param>
    /// <returns>The mean over classes of the log evidence an image, in nats; any finite number.</returns>
    /// <exception cref="TransferException">The features or labels cannot be scored; the message says why.</exception>
    public static double Of(FeatureMatrix features, IReadOnlyList<int> labels)
    {
        TransferabilityInput.Validate(features, labels);
        var spectrum = new ClassSpectrum(features, labels, isCentred: false);
        return Enumerable.Range(0, spectrum.Counts.Count).Average(index => MaximumEvidence(spectrum, index)) / spectrum.Images;
    }

    private static double MaximumEvidence(ClassSpectrum spectrum, int index)
    {
        var shares = spectrum.SharesOf(index);
        var (images, eigenvalues) = (spectrum.Images, spectrum.Eigenvalues);
        var unexplained = (double)spectrum.Counts[index];
        foreach (var share in shares)
            unexplained -= share;
        unexplained = Math.Max(0, unexplained);

        // Outside these bounds the evidence has reached its limits.
        var (lowest, highest) = (eigenvalues.Min() / Beyond, eigenvalues.Max() * Beyond);
        var (ratio, best) = (highest, double.NegativeInfinity);
        for (var candidate = lowest; candidate < highest; candidate *= GridFactor)
            if (Evidence(candidate, eigenvalues, shares, unexplained, images) is var evidence && evidence > best)
                (ratio, best) = (candidate, evidence);
        for (var i = 0; i < MostIterations; i++)
        {
            var next = Math.Clamp(Next(ratio, eigenvalues, shares, unexplained, images), lowest, highest);
            if (Math.Abs(next - ratio) <= Tolerance * ratio)
                break;
            ratio = next;
        }
        return Math.Max(best, Evidence(ratio, eigenvalues, shares, unexplained, images));
    }

    /// <summary>The log evidence of alpha / beta with the best beta for it: N(y; 0, (F F' / ratio + I) / beta) is largest where 1 / beta is the mean of the whitened squares.</summary>
    private static double Evidence(double ratio, double[] eigenvalues, ReadOnlySpan<double> shares, double unexplained, int images)
    {
        var (squares, logDeterminant) = (unexplained, 0d);
        for (var i = 0; i < eigenvalues.Length; i++)
        {
            squares += shares[i] * ratio / (ratio + eigenvalues[i]);
            logDeterminant += Math.Log(1 + eigenvalues[i] / ratio);
        }
        return -0.5 * (images * (Math.Log(2 * Math.PI * squares / images) + 1) + logDeterminant);
    }

    /// <summary>alpha = gamma / m'm and beta = (n - gamma) / |y - F m|^2 for the mean m of the weights: the ratio of the two.</summary>
    private static double Next(double ratio, double[] eigenvalues, ReadOnlySpan<double> shares, double unexplained, int images)
    {
        var (determined, weights, residual) = (0d, 0d, unexplained);
        for (var i = 0; i < eigenvalues.Length; i++)
        {
            var sum = ratio + eigenvalues[i];
            determined += eigenvalues[i] / sum;
            weights += eigenvalues[i] * shares[i] / (sum * sum);
            residual += shares[i] * (ratio / sum) * (ratio / sum);
        }
        return determined * residual / ((images - determined) * weights);
    }
}
