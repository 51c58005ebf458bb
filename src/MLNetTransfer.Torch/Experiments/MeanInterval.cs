using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>
/// The interval of a mean of independent estimates from their own intervals (G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics
/// in Medicine 2008): each end is as far from the mean as the root of the sum of the squared distances of the estimates' ends, over their number.
/// </summary>
internal static class MeanInterval
{
    public static Interval Of(double mean, IReadOnlyCollection<(double Value, double Low, double High)> estimates) => new(
        mean - (Math.Sqrt(estimates.Sum(estimate => (estimate.Value - estimate.Low) * (estimate.Value - estimate.Low))) / estimates.Count),
        mean + (Math.Sqrt(estimates.Sum(estimate => (estimate.High - estimate.Value) * (estimate.High - estimate.Value))) / estimates.Count));
}
