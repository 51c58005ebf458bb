namespace MLNetTransfer.Evaluation;

/// <summary>The images whose confidence lies in one bin (<paramref name="Low"/>, <paramref name="High"/>].</summary>
/// <param name="Low">The lower end of the bin, exclusive (the first bin holds 0 as well).</param>
/// <param name="High">The upper end of the bin, inclusive.</param>
/// <param name="Images">The number of images in the bin, 1 or more.</param>
/// <param name="Correct">The number of them that were predicted right.</param>
/// <param name="Confidence">The mean probability of their predicted class, 0 to 1.</param>
public readonly record struct ReliabilityBin(double Low, double High, int Images, int Correct, double Confidence)
{
    /// <summary>The share of the bin's images that was predicted right, 0 to 1.</summary>
    public double Accuracy => (double)Correct / Images;
}
