using System.Numerics.Tensors;

namespace MLNetTransfer.Heads.Transferability;

/// <summary>
/// How far apart features hold the classes, measured in their own spread: the trace of cov(f)^-1 cov(E[f | class]) (Y. Bao et al., An
/// Information-Theoretic Approach to Transferability in Task Transfer Learning, ICIP 2019). With as many features as images the covariance
/// cannot be inverted, and long before that the score grows with the number of features alone, up to classes - 1. So the covariance is shrunk
/// towards a multiple of the identity by what O. Ledoit and M. Wolf (A well-conditioned estimator for large-dimensional covariance matrices,
/// 2004) estimate, and the score by as much (S. Ibrahim, N. Ponomareva, R. Mazumder, Newer is not always better: Rethinking transferability
/// metrics, 2021). It is shrunk whatever the number of features, because scores of few and of many features must be comparable; with
/// far more images than features the estimate goes to 0.
/// </summary>
public static class HScore
{
    /// <summary>Scores features: higher is better. Comparable between features of the same images.</summary>
    /// <param name="features">One row an image; 2 or more, not all equal.</param>
    /// <param name="labels">The class of each row, from 0; 2 or more different ones.</param>
    /// <param name="shrinkage">How far the covariance is shrunk, 0 to 1; null (default) for the estimate. 0 is the score of Bao et al.</param>
    /// <returns>From 0 to the number of classes - 1.</returns>
    /// <exception cref="TransferException">The features or labels cannot be scored; the message says why.</exception>
    public static double Of(FeatureMatrix features, IReadOnlyList<int> labels, double? shrinkage = null)
    {
        TransferabilityInput.Validate(features, labels);
        if (shrinkage is not (null or >= 0 and <= 1))
            throw new TransferException(FormattableString.Invariant($"A covariance is shrunk by 0 to 1 of it; received {shrinkage}. Leave it out for the estimate."));
        var spectrum = new ClassSpectrum(features, labels, isCentred: true);
        if (shrinkage == 0 && spectrum.Eigenvalues.Length < features.Columns)
            throw new TransferException($"Without shrinkage the covariance is inverted, which takes features that vary independently, fewer than images; "
                + $"received {features.Columns} features that vary in {spectrum.Eigenvalues.Length} directions on {features.Rows} images. Leave the shrinkage out.");
        var share = shrinkage ?? Shrinkage(spectrum);

        // In the eigenvectors of the centred images all is diagonal: cov(E[f | class]) is the mean over images of m m' of their class.
        var (images, eigenvalues) = (spectrum.Images, spectrum.Eigenvalues);
        var target = share * TensorPrimitives.Sum<double>(eigenvalues) / images / spectrum.Features;
        var score = 0d;
        for (var k = 0; k < spectrum.Counts.Count; k++)
        {
            var shares = spectrum.SharesOf(k);
            for (var i = 0; i < eigenvalues.Length; i++)
                score += shares[i] * eigenvalues[i] / ((1 - share) * eigenvalues[i] / images + target) / spectrum.Counts[k];
        }
        return (1 - share) * score / images;
    }

    /// <summary>The estimate of Ledoit and Wolf (their equations 14 to 16) from the spectrum: the error of the covariance over its distance from the identity.</summary>
    private static double Shrinkage(ClassSpectrum spectrum)
    {
        double images = spectrum.Images, features = spectrum.Features;
        var trace = TensorPrimitives.Sum<double>(spectrum.Eigenvalues) / images;
        var square = TensorPrimitives.SumOfSquares<double>(spectrum.Eigenvalues) / (images * images);
        var distance = square - trace * trace / features;
        var error = Math.Min((spectrum.SumOfFourthPowers / images - square) / images, distance);
        return error <= 0 ? 0 : error / distance;
    }
}
