using System.Numerics.Tensors;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Label propagation (Zhou, Bousquet, Lal, Weston and Schoelkopf, "Learning with Local and Global Consistency", NIPS 2004): the source's labels flow along a
/// graph of all images, F = (I - alpha S)^-1 Y with S the affinities normalised on both sides (algorithm, step 3 in the limit). The affinities are
/// exp(-d_ij^2 / (s_i s_j)) with s_i the distance to the seventh neighbour (Zelnik-Manor and Perona, NIPS 2004), between ten neighbours and not between all
/// images; and every class flows to the target in the share it has in the source (class mass normalisation; Zhu, Ghahramani and Lafferty, ICML 2003). Without
/// the two, in many dimensions one class takes all of the target. A classifier is then trained on the source and the target with its new labels, for the images still to come. It fails where the classes of the target touch, and
/// where the nearest images of the other domain are those of another class, or the classes' shares differ.
/// </summary>
public sealed class LabelPropagation : FeatureAdaptation
{
    private const int WidthNeighbour = 7;
    private const int Neighbours = 10;

    /// <summary>The share of a label that comes from the neighbours, above 0 and below 1 (at most .9999). Default: .99, as in the paper.</summary>
    public double Alpha { get; init; } = .99;

    /// <inheritdoc/>
    public override string Name => "label-propagation";

    /// <inheritdoc/>
    public override string Summary => "lets the source's labels flow to the target along a graph of neighbours";

    /// <inheritdoc/>
    public override string Reference => "Zhou, Bousquet, Lal, Weston and Schoelkopf, Learning with Local and Global Consistency, NIPS 2004";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { .5, .9 }.Select(value => new LabelPropagation { Alpha = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Alpha, 0, .9999, isOpen: true);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        var all = source.Above(target);
        var affinities = Affinities(Distances.Squared(all, all));
        cancellation.ThrowIfCancellationRequested();
        var labels = new Matrix(all.Rows, problem.Source.Classes.Count);
        for (var row = 0; row < source.Rows; row++)
            labels[row, problem.Source.Labels[row]] = 1;
        var flowed = Balanced(
            Flow(affinities, labels, Alpha).SelectRows([.. Enumerable.Range(source.Rows, target.Rows)]), [.. labels.ColumnMeans().Select(mean => mean * all.Rows / source.Rows)]);
        // An image that no label reaches stays out.
        int[] reached = [.. Enumerable.Range(0, target.Rows).Where(row => TensorPrimitives.Max<double>(flowed.Row(row)) > 0)];
        var labelled = new LabeledFeatures(
            problem.Target.Features.Select(reached), [.. reached.Select(row => TensorPrimitives.IndexOfMax<double>(flowed.Row(row)))],
            problem.Source.Classes);
        return new AdaptedFeatures(Rows.Joined(problem.Source, labelled), FeatureMap.Identity(source.Columns));
    }

    /// <summary>(I - alpha S)^-1 Y with S = D^(-1/2) W D^(-1/2); a row without neighbours keeps its label.</summary>
    internal static Matrix Flow(Matrix affinities, Matrix labels, double alpha)
    {
        double[] scales = [.. Enumerable.Range(0, affinities.Rows)
            .Select(row => TensorPrimitives.Sum<double>(affinities.Row(row)) is > 0 and var degree ? 1 / Math.Sqrt(degree) : 0)];
        var system = affinities.ScaleColumns(scales).Transposed().ScaleColumns(scales);
        return Matrix.Identity(affinities.Rows).Plus(system, -alpha).Solve(labels);
    }

    /// <summary>Every column scaled to its share of the whole; a column of 0 stays.</summary>
    internal static Matrix Balanced(Matrix flowed, double[] shares) =>
        flowed.ScaleColumns([.. flowed.ColumnMeans().Zip(shares, (mean, share) => mean > 0 ? share / (mean * flowed.Rows) : 0)]);

    /// <summary>Between an image and the ten nearest of it, both ways; 1 between images that are the same, 0 between others.</summary>
    internal static Matrix Affinities(Matrix squaredDistances)
    {
        var n = squaredDistances.Rows;
        var neighbours = Enumerable.Range(0, n).Select(row => Nearest(squaredDistances, row)).ToArray();
        double[] scales = [.. Enumerable.Range(0, n).Select(row => Math.Sqrt(squaredDistances[row, neighbours[row][Math.Min(WidthNeighbour, n - 1) - 1]]))];
        var affinities = new Matrix(n, n);
        for (var i = 0; i < n; i++)
            foreach (var j in neighbours[i])
                affinities[i, j] = affinities[j, i] = squaredDistances[i, j] == 0 ? 1 : Math.Exp(-squaredDistances[i, j] / (scales[i] * scales[j]));
        return affinities;
    }

    /// <summary>The nearest other images, the first of equals.</summary>
    private static int[] Nearest(Matrix squaredDistances, int row)
    {
        int[] others = [.. Enumerable.Range(0, squaredDistances.Rows).Where(other => other != row)];
        return [.. others.OrderBy(other => squaredDistances[row, other]).Take(Neighbours)];
    }
}
