using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Weights by a domain classifier (Bickel, Brueckner and Scheffer, "Discriminative Learning Under Covariate Shift", JMLR 10, 2009): logistic regression
/// tells source from target, and p(target | x) / p(source | x) x n_S / n_T is the ratio of the densities (section 3), in two steps and not jointly. Its
/// strength is chosen by cross-validation. It fails where the classifier tells the domains apart without error: all weight then lies on the few images it
/// doubts.
/// </summary>
public sealed class DomainClassifier : FeatureAdaptation
{
    /// <summary>The largest weight, at least 1. Default: 10.</summary>
    public double Limit { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "domain-classifier";

    /// <inheritdoc/>
    public override string Summary => "weights the source images by how much like target images they look to a classifier";

    /// <inheritdoc/>
    public override string Reference => "Bickel, Brueckner and Scheffer, Discriminative Learning Under Covariate Shift, JMLR 10, 2009";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { 3, 100 }.Select(value => new DomainClassifier { Limit = value })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Limit, 1);

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(problem.Source, FeatureMap.Identity(problem.Source.Features.Columns), Weights(problem, settings.Seed, cancellation));

    internal double[] Weights(AdaptationProblem problem, int seed, CancellationToken cancellation = default)
    {
        var (source, target) = (problem.Source.Features, problem.Target.Features);
        var both = new LabeledFeatures(
            Rows.Joined(source, target), [.. Enumerable.Repeat(0, source.Rows), .. Enumerable.Repeat(1, target.Rows)], ["source", "target"]);
        var probabilities = new LogisticTrainer().Train(both, null, seed, cancellation).Probabilities(source);
        // A probability of the source of 0 gives an infinite ratio, which the limit takes care of.
        return [.. Enumerable.Range(0, source.Rows).Select(row =>
            Math.Min(Limit, (double)probabilities.Row(row)[1] / probabilities.Row(row)[0] * source.Rows / target.Rows))];
    }
}
