
namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>Gaussian kernels round some of the target's rows: what density ratios are made of.</summary>
internal sealed class KernelBasis
{
    private readonly Matrix _source;
    private readonly Matrix _target;

    /// <param name="problem">The problem, on a common scale.</param>
    /// <param name="count">At most this many rows of the target are centres, drawn without replacement.</param>
    /// <param name="seed">Seed of the draw.</param>
    public KernelBasis(AdaptationProblem problem, int count, int seed)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        int[] rows = [.. Enumerable.Range(0, target.Rows)];
        RandomStream.Derive(seed, "centres").Shuffle<int>(rows);
        var centres = target.SelectRows([.. rows.Take(count).Order()]);
        (_source, _target) = (Distances.Squared(source, centres), Distances.Squared(target, centres));
        MedianWidth = Width(_source.Above(_target));
    }

    /// <summary>The median distance between a row and a centre, over sqrt(2): half the pairs have a kernel above 1 / e.</summary>
    public double MedianWidth { get; }

    /// <summary>The widths worth choosing among.</summary>
    public IEnumerable<double> Widths => new[] { .25, .5, 1, 2, 4 }.Select(factor => factor * MedianWidth);

    /// <summary>The kernels of a width: source x centres and target x centres.</summary>
    public (Matrix Source, Matrix Target) Kernels(double width) => (Distances.Gaussian(_source, width), Distances.Gaussian(_target, width));

    /// <summary>The median distance over sqrt(2).</summary>
    /// <exception cref="TransferException">More than half of the distances are 0.</exception>
    public static double Width(Matrix squaredDistances) => Math.Sqrt(Distances.Median(squaredDistances) / 2) is > 0 and var width
        ? width
        : throw new TransferException("The width of a kernel is the median distance between images; received one of 0: most images are the same. Take them out, or choose another method.");
}
