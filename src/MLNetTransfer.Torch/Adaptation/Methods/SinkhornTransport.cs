using System.Numerics.Tensors;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Optimal transport with a class regulariser (Courty, Flamary, Tuia and Rakotomamonjy, "Optimal Transport for Domain Adaptation", IEEE TPAMI 39(9), 2017;
/// Courty, Flamary and Tuia, ECML 2014): every source image moves to the weighted mean of the target images that an entropic plan sends it to (equation 14).
/// The group term (sum of |.|_1^(1/2) over the source images of one class for one target image, section IV-C, by majorisation) makes a target image take
/// its weight from one class. The cost is the squared distance over its median. The target does not move, so that images that were not there for the fit
/// need no map. It fails where the classes' shares differ between the domains: all weight has to arrive.
/// </summary>
public sealed class SinkhornTransport : FeatureAdaptation
{
    private const double Smoothing = 1e-3;

    /// <summary>Weight of the entropy against the cost over its median, above 0: the larger, the more blurred. Default: 2.</summary>
    public double Regularisation { get; init; } = 2;

    /// <summary>Weight of the group term, 0 or more; 0 is transport that knows no labels. Default: 1.</summary>
    public double GroupWeight { get; init; } = 1;

    /// <summary>How often the group term is majorised anew, 1 or more. Default: 10.</summary>
    public int Iterations { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "sinkhorn";

    /// <inheritdoc/>
    public override string Summary => "transports the source images to the target, classes apart";

    /// <inheritdoc/>
    public override string Reference => "Courty, Flamary, Tuia and Rakotomamonjy, Optimal Transport for Domain Adaptation, IEEE TPAMI 39(9), 2017";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates =>
    [
        this,
        .. new (double Regularisation, double Group)[] { (2, 0), (.2, .1), (.2, 0) }
            .Select(pair => new SinkhornTransport { Regularisation = pair.Regularisation, GroupWeight = pair.Group, Iterations = Iterations }),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults =>
        [.. OutOfRange(Regularisation, 0, isOpen: true), .. OutOfRange(GroupWeight, 0), .. OutOfRange(Iterations, 1)];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        var plan = Plan(Distances.Squared(source, target), problem.Source.Labels, cancellation);
        // Every row of the plan sums to 1 / rows.
        return AdaptedFeatures.Mapped(problem.Source, plan.Scaled(plan.Rows).Times(target), FeatureMap.Identity(target.Columns));
    }

    /// <summary>The plan: source x target, rows sum to 1 / rows, columns to 1 / columns.</summary>
    internal Matrix Plan(Matrix squaredDistances, IReadOnlyList<int> labels, CancellationToken cancellation = default)
    {
        var median = Distances.Median(squaredDistances);
        var cost = median > 0 ? squaredDistances.Scaled(1 / median) : squaredDistances;
        var plan = TransportPlan.Solve(cost, Regularisation, cancellation: cancellation);
        var sums = new double[cost.Columns];
        for (var iteration = 1; GroupWeight > 0 && iteration < Iterations; iteration++)
        {
            var penalised = cost.Copy();
            foreach (var rows in Enumerable.Range(0, cost.Rows).GroupBy(row => labels[row]))
            {
                Array.Clear(sums);
                foreach (var row in rows)
                    TensorPrimitives.Add(sums, plan.Row(row), sums);
                // The slope of sqrt(sum), whose tangent lies above it.
                for (var j = 0; j < sums.Length; j++)
                    sums[j] = GroupWeight / (2 * Math.Sqrt(sums[j] + Smoothing));
                foreach (var row in rows)
                    TensorPrimitives.Add(penalised.Row(row), sums, penalised.Row(row));
            }
            plan = TransportPlan.Solve(penalised, Regularisation, cancellation: cancellation);
        }
        return plan;
    }
}
