using System.Numerics.Tensors;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// KLIEP (Sugiyama, Nakajima, Kashima, von Buenau and Kawanabe, "Direct Importance Estimation with Model Selection and Its Application to Covariate Shift
/// Adaptation", NIPS 2007): the ratio of the densities as a non-negative sum of Gaussian kernels round target images, of largest mean logarithm on the
/// target under the mean 1 on the source (equation 8). The width is chosen by cross-validation on the target. In place of the paper's gradient ascent, the
/// steps of expectation maximisation for mixture weights, which keep both constraints and need no step length. It fails as all density ratios do: in many
/// dimensions, and where the domains hardly overlap.
/// </summary>
public sealed class Kliep : FeatureAdaptation
{
    private const int MaximumIterations = 1000;
    private const int Folds = 5;
    private const double Tolerance = 1e-3;

    /// <summary>The number of kernels, 1 or more; no more than the target has images. Default: 100, as in the paper.</summary>
    public int Kernels { get; init; } = 100;

    /// <inheritdoc/>
    public override string Name => "kliep";

    /// <inheritdoc/>
    public override string Summary => "weights the source images by the ratio of densities of largest likelihood";

    /// <inheritdoc/>
    public override string Reference =>
        "Sugiyama, Nakajima, Kashima, von Buenau and Kawanabe, Direct Importance Estimation with Model Selection, NIPS 2007";

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Kernels, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(problem.Source, FeatureMap.Identity(problem.Source.Features.Columns), Weights(problem, settings.Seed, cancellation));

    internal double[] Weights(AdaptationProblem problem, int seed, CancellationToken cancellation = default)
    {
        var basis = new KernelBasis(problem, Kernels, seed);
        int[] order = [.. Enumerable.Range(0, problem.Target.Features.Rows)];
        RandomStream.Derive(seed, "folds").Shuffle<int>(order);
        var folds = Math.Min(Folds, order.Length);
        var width = basis.Widths.MaxBy(candidate =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (source, target) = basis.Kernels(candidate);
            return Enumerable.Range(0, folds).Sum(fold =>
            {
                Matrix Part(bool isTest) => target.SelectRows([.. Enumerable.Range(0, order.Length).Where(i => i % folds == fold == isTest).Select(i => order[i])]);
                var coefficients = Fit(source, Part(isTest: false));
                // A held-out image that no kernel reaches has the likelihood of the smallest number, not of 0: one image alone does not decide.
                return Part(isTest: true).Times(coefficients).Values.ToArray().Sum(ratio => Math.Log(Math.Max(ratio, 1e-12)));
            });
        });
        var (sourceKernels, targetKernels) = basis.Kernels(width);
        return sourceKernels.Times(Fit(sourceKernels, targetKernels)).Values.ToArray();
    }

    /// <summary>The coefficient of every kernel, kernels x 1; the mean of the ratio on the source is 1.</summary>
    /// <param name="source">Source x kernels.</param>
    /// <param name="target">Target x kernels.</param>
    internal static Matrix Fit(Matrix source, Matrix target)
    {
        var means = source.ColumnMeans();
        // A kernel that no source image is near would give a ratio without bound.
        var largest = means.Max();
        double[] inverse = [.. means.Select(mean => mean > 1e-12 * largest ? 1 / mean : 0)];
        using var components = target.ScaleColumns(inverse).ToResident();
        var shares = new Matrix(means.Length, 1, [.. inverse.Select(value => value > 0 ? 1.0 / inverse.Count(kept => kept > 0) : 0)]);
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            var ratios = components.Times(shares);
            for (var i = 0; i < ratios.Rows; i++)
                ratios[i, 0] = 1 / Math.Max(ratios[i, 0] * ratios.Rows, 1e-300);
            var gains = components.TransposedTimes(ratios);
            TensorPrimitives.Multiply(shares.Values, gains.Values, shares.Values);
            // The largest gain less 1 bounds how far the mean logarithm is from its maximum.
            if (TensorPrimitives.Max<double>(gains.Values) - 1 <= Tolerance)
                break;
        }
        for (var i = 0; i < inverse.Length; i++)
            shares[i, 0] *= inverse[i];
        return shares;
    }
}
