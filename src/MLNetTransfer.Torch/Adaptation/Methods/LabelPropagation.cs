using System.Numerics.Tensors;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Label propagation (Zhou, Bousquet, Lal, Weston and Schoelkopf, "Learning with Local and Global Consistency", NIPS 2004): the source's labels flow along a
/// graph of all images, F = (I - alpha S)^-1 Y with S the affinities normalised on both sides (algorithm, step 3 in the limit). The affinities are
/// exp(-d_ij^2 / (s_i s_j)) with s_i the distance to the seventh neighbour (Zelnik-Manor and Perona, NIPS 2004), in place of one width for all. A classifier
/// is then trained on the source and the target with its new labels, for the images still to come. It fails where the classes of the target touch, and
/// where the nearest images of the other domain are those of another class.
/// </summary>
public sealed class LabelPropagation : FeatureAdaptation
{
    private const int Neighbour = 7;

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
        var flowed = Flow(affinities, labels, Alpha);
        // An image that no label reaches stays out.
        int[] reached = [.. Enumerable.Range(0, target.Rows).Where(row => TensorPrimitives.Max<double>(flowed.Row(source.Rows + row)) > 0)];
        var labelled = new LabeledFeatures(
            problem.Target.Features.Select(reached), [.. reached.Select(row => TensorPrimitives.IndexOfMax<double>(flowed.Row(source.Rows + row)))],
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

    /// <summary>0 on the diagonal; 1 between images that are the same.</summary>
    internal static Matrix Affinities(Matrix squaredDistances)
    {
        var n = squaredDistances.Rows;
        double[] scales = [.. Enumerable.Range(0, n).Select(row =>
        {
            var sorted = squaredDistances.Row(row).ToArray();
            Array.Sort(sorted);
            return Math.Sqrt(sorted[Math.Min(Neighbour, n - 1)]);
        })];
        var affinities = new Matrix(n, n);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                if (i != j)
                    affinities[i, j] = squaredDistances[i, j] == 0 ? 1 : Math.Exp(-squaredDistances[i, j] / (scales[i] * scales[j]));
        return affinities;
    }
}
