using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Kernel mean matching (Huang, Smola, Gretton, Borgwardt and Schoelkopf, "Correcting Sample Selection Bias by Unlabeled Data", NIPS 2006): weights of the
/// source images that bring their mean in the space of a Gaussian kernel to the target's, min b'Kb / 2 - k'b under 0 to B for every weight and
/// |mean - 1| up to (sqrt(n) - 1) / sqrt(n) (equation 12). The width is the median distance over sqrt(2). It fails where the target has images unlike all of
/// the source's, and in many dimensions, where all images are equally far.
/// </summary>
public sealed class KernelMeanMatching : FeatureAdaptation
{
    /// <summary>B, the largest weight, at least 1. Default: 10; the paper's 1000 lets a handful of images decide.</summary>
    public double Limit { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "kmm";

    /// <inheritdoc/>
    public override string Summary => "weights the source images so that their kernel mean is the target's";

    /// <inheritdoc/>
    public override string Reference => "Huang, Smola, Gretton, Borgwardt and Schoelkopf, Correcting Sample Selection Bias by Unlabeled Data, NIPS 2006";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { 3, 1000 }.Select(value => new KernelMeanMatching { Limit = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Limit, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        return new AdaptedFeatures(problem.Source, FeatureMap.Identity(source.Columns), Weights(source, target, cancellation));
    }

    internal double[] Weights(Matrix source, Matrix target, CancellationToken cancellation = default)
    {
        var (within, across) = (Distances.Squared(source, source), Distances.Squared(source, target));
        var width = KernelBasis.Width(across);
        var (kernel, cross) = (Distances.Gaussian(within, width), Distances.Gaussian(across, width));
        var n = source.Rows;
        double[] linear = [.. Enumerable.Range(0, n).Select(row => System.Numerics.Tensors.TensorPrimitives.Sum<double>(cross.Row(row)) * n / target.Rows)];
        var slack = n - Math.Sqrt(n);
        return BoxedQuadratic.Minimise(kernel, linear, Limit, n - slack, n + slack, cancellation: cancellation);
    }
}
