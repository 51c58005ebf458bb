namespace MLNetTransfer.Evaluation;

/// <summary>
/// Does a confidence of 80 % mean right 8 times in 10? Bins and expected calibration error of C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger,
/// "On calibration of modern neural networks" (2017), equations 2, 3 and 5: M equal-width bins ((m - 1) / M, m / M].
/// </summary>
internal static class Calibration
{
    public const int BinCount = 15;

    /// <summary>The bins that hold images, in ascending order of confidence.</summary>
    public static IReadOnlyList<ReliabilityBin> Bins(ReadOnlySpan<float> confidences, ReadOnlySpan<bool> isCorrect)
    {
        Span<int> images = stackalloc int[BinCount], correct = stackalloc int[BinCount];
        Span<double> sums = stackalloc double[BinCount];
        for (var i = 0; i < confidences.Length; i++)
        {
            var bin = Math.Clamp((int)Math.Ceiling((double)confidences[i] * BinCount) - 1, 0, BinCount - 1);
            images[bin]++;
            correct[bin] += isCorrect[i] ? 1 : 0;
            sums[bin] += confidences[i];
        }
        List<ReliabilityBin> bins = [];
        for (var bin = 0; bin < BinCount; bin++)
            if (images[bin] > 0)
                bins.Add(new((double)bin / BinCount, (bin + 1.0) / BinCount, images[bin], correct[bin], sums[bin] / images[bin]));
        return bins.AsReadOnly();
    }

    /// <summary>The mean distance of accuracy and confidence over the bins, weighted by their images.</summary>
    public static double ExpectedError(IReadOnlyList<ReliabilityBin> bins) =>
        bins.Sum(bin => bin.Images * Math.Abs(bin.Accuracy - bin.Confidence)) / bins.Sum(bin => bin.Images);
}
