using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Geodesic flow kernel (Gong, Shi, Sha and Grauman, "Geodesic Flow Kernel for Unsupervised Domain Adaptation", CVPR 2012): inner products in all subspaces
/// along the geodesic from the source's principal subspace to the target's, integrated in closed form: x' G y with G of equations 5 and 6. Its rank is at
/// most twice the number of axes, so that G = F F' and features become x F. Each domain is centred on its own mean. It fails where the subspaces say little
/// about the classes.
/// </summary>
public sealed class GeodesicFlow : FeatureAdaptation
{
    private const double SmallestAngle = 1e-7;

    /// <summary>The number of principal axes of each domain, 1 or more; no more are taken than both have. Default: 30.</summary>
    public int Dimensions { get; init; } = 30;

    /// <inheritdoc/>
    public override string Name => "gfk";

    /// <inheritdoc/>
    public override string Summary => "compares images in all subspaces between the source's and the target's";

    /// <inheritdoc/>
    public override string Reference => "Gong, Shi, Sha and Grauman, Geodesic Flow Kernel for Unsupervised Domain Adaptation, CVPR 2012";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { 10, 20, 40 }.Select(value => new GeodesicFlow { Dimensions = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Dimensions, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var source = Matrix.From(problem.Source.Features).Centred().Values;
        var (target, mean) = Matrix.From(problem.Target.Features).Centred();
        var (sourceAxes, targetAxes) = (source.RightSingular().V, target.RightSingular().V);
        cancellation.ThrowIfCancellationRequested();
        var count = Math.Min(Dimensions, Math.Min(sourceAxes.Columns, targetAxes.Columns));
        var root = KernelRoot(sourceAxes.FirstColumns(count), targetAxes.FirstColumns(count));
        return AdaptedFeatures.Mapped(problem.Source, source.Times(root), FeatureMap.Centred(mean, root));
    }

    /// <summary>F with F F' = G, the kernel between two subspaces given by orthonormal columns.</summary>
    internal static Matrix KernelRoot(Matrix source, Matrix target)
    {
        var (turn, cosines, targetTurn) = source.TransposedTimes(target).Svd();
        var principal = source.Times(turn);
        // What of the target's principal vectors is orthogonal to the source's: length sin(angle). (The paper's -R_S U_2.)
        var orthogonal = target.Times(targetTurn).Plus(principal.ScaleColumns(cosines), -1);
        var count = cosines.Length;
        var root = new Matrix(source.Rows, 2 * count);
        for (var i = 0; i < count; i++)
        {
            var sine = 0d;
            for (var row = 0; row < root.Rows; row++)
                sine += orthogonal[row, i] * orthogonal[row, i];
            sine = Math.Sqrt(sine);
            var angle = Math.Atan2(sine, cosines[i]);
            // Along the geodesic the principal vector is p cos(t angle) + o sin(t angle), t from 0 to 1; a, b and c integrate cos^2, cos sin and sin^2.
            var isTurned = angle > SmallestAngle;
            var a = isTurned ? (1 + (Math.Sin(2 * angle) / (2 * angle))) / 2 : 1;
            var b = isTurned ? (1 - Math.Cos(2 * angle)) / (4 * angle) : 0;
            // [a b; b c] = L L' with the lower triangle L.
            var first = Math.Sqrt(a);
            var second = b / first;
            var third = Math.Sqrt(Math.Max(0, 1 - a - (second * second)));
            for (var row = 0; row < root.Rows; row++)
            {
                var unit = isTurned ? orthogonal[row, i] / sine : 0;
                root[row, 2 * i] = (principal[row, i] * first) + (unit * second);
                root[row, (2 * i) + 1] = unit * third;
            }
        }
        return root;
    }
}
