using System.Numerics.Tensors;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// uLSIF (Kanamori, Hido and Sugiyama, "A Least-squares Approach to Direct Importance Estimation", JMLR 10, 2009): the ratio of the densities as a sum of
/// Gaussian kernels round target images, by least squares: (H + lambda I)^-1 h with H the mean of k k' over the source and h that of k over the target
/// (section 3.1), negative coefficients set to 0. Width and lambda have the least leave-one-out error, in closed form (figure 2). It fails as all density
/// ratios do: in many dimensions, and where the domains hardly overlap.
/// </summary>
public sealed class Ulsif : FeatureAdaptation
{
    private static readonly double[] Ridges = [.001, .01, .1, 1, 10];

    /// <summary>The number of kernels, 1 or more; no more than the target has images. Default: 100, as in the paper.</summary>
    public int Kernels { get; init; } = 100;

    /// <inheritdoc/>
    public override string Name => "ulsif";

    /// <inheritdoc/>
    public override string Summary => "weights the source images by the ratio of densities of least squares";

    /// <inheritdoc/>
    public override string Reference => "Kanamori, Hido and Sugiyama, A Least-squares Approach to Direct Importance Estimation, JMLR 10, 2009";

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Kernels, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(problem.Source, FeatureMap.Identity(problem.Source.Features.Columns), Weights(problem, settings.Seed, cancellation));

    internal double[] Weights(AdaptationProblem problem, int seed, CancellationToken cancellation = default)
    {
        var basis = new KernelBasis(problem, Kernels, seed);
        var (error, best) = (double.PositiveInfinity, (Width: basis.MedianWidth, Ridge: 1d));
        foreach (var width in basis.Widths)
            foreach (var ridge in Ridges)
            {
                cancellation.ThrowIfCancellationRequested();
                var (source, target) = basis.Kernels(width);
                if (LeaveOneOutError(source, target, ridge) is var candidate && candidate < error)
                    (error, best) = (candidate, (width, ridge));
            }
        var kernels = basis.Kernels(best.Width);
        return kernels.Source.Times(Fit(kernels.Source, kernels.Target, best.Ridge)).Values.ToArray();
    }

    /// <summary>The coefficient of every kernel, kernels x 1.</summary>
    /// <param name="source">Source x kernels.</param>
    /// <param name="target">Target x kernels.</param>
    /// <param name="ridge">lambda.</param>
    internal static Matrix Fit(Matrix source, Matrix target, double ridge)
    {
        var coefficients = Regularised(source, ridge).Solve(new Matrix(source.Columns, 1, target.ColumnMeans()));
        TensorPrimitives.Max(coefficients.Values, 0, coefficients.Values);
        return coefficients;
    }

    /// <summary>The mean of r(source)^2 / 2 - r(target) over pairs of a source and a target image that were left out of the fit of r.</summary>
    internal static double LeaveOneOutError(Matrix source, Matrix target, double ridge)
    {
        double sources = source.Rows, targets = target.Rows;
        var pairs = Math.Min(source.Rows, target.Rows);
        int[] rows = [.. Enumerable.Range(0, pairs)];
        var (x, y) = (source.SelectRows(rows).Transposed(), target.SelectRows(rows).Transposed());
        var system = Regularised(source, ridge * (sources - 1) / sources);
        // All at once: h, then the kernels of the left-out source images, then those of the left-out target images.
        var mean = system.Solve(new Matrix(source.Columns, 1, target.ColumnMeans()));
        var (xSolved, ySolved) = (system.Solve(x), system.Solve(y));
        var error = 0d;
        for (var i = 0; i < pairs; i++)
        {
            double xx = 0, xMean = 0, xy = 0;
            for (var j = 0; j < source.Columns; j++)
            {
                xx += x[j, i] * xSolved[j, i];
                xMean += x[j, i] * mean[j, 0];
                xy += x[j, i] * ySolved[j, i];
            }
            // Sherman and Morrison: H without the image's own x x'.
            double left = sources - xx, atSource = 0, atTarget = 0;
            for (var j = 0; j < source.Columns; j++)
            {
                var all = mean[j, 0] + (xSolved[j, i] * xMean / left);
                var own = ySolved[j, i] + (xSolved[j, i] * xy / left);
                var coefficient = Math.Max(0, (sources - 1) / (sources * (targets - 1)) * ((targets * all) - own));
                atSource += x[j, i] * coefficient;
                atTarget += y[j, i] * coefficient;
            }
            error += ((atSource * atSource / 2) - atTarget) / pairs;
        }
        return error;
    }

    private static Matrix Regularised(Matrix source, double ridge) =>
        source.TransposedTimes(source).Scaled(1.0 / source.Rows).Plus(Matrix.Identity(source.Columns), ridge);
}
