using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Pseudo-labels (Lee, "Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural Networks", ICML workshop 2013; here as
/// self-training in rounds): the classifier labels the target, and the images it is surest of, the same share of every predicted class, join the training;
/// the share grows round by round. It fails where the first classifier is sure and wrong: it teaches itself its own faults.
/// </summary>
public sealed class PseudoLabels : FeatureAdaptation
{
    /// <summary>The number of rounds, 1 or more. Default: 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>The share of the target that has joined after the last round, above 0 up to 1. Default: .8.</summary>
    public double Share { get; init; } = .8;

    /// <inheritdoc/>
    public override string Name => "pseudo-labels";

    /// <inheritdoc/>
    public override string Summary => "trains on target images it is sure of, in rounds";

    /// <inheritdoc/>
    public override string Reference => "Lee, Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method, ICML workshop 2013";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { .3, 1 }.Select(value => new PseudoLabels { Share = value, Rounds = Rounds })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => [.. OutOfRange(Rounds, 1), .. OutOfRange(Share, 0, 1, isOpen: true)];

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var target = problem.Target.Features;
        var training = problem.Source;
        for (var round = 1; round <= Rounds; round++)
        {
            var classifier = settings.Classifier.Train(training, null, settings.Seed, cancellation);
            var (labels, probabilities) = (classifier.Labels(target), classifier.Probabilities(target));
            int[] sure =
            [
                .. Enumerable.Range(0, target.Rows).GroupBy(row => labels[row])
                    .SelectMany(rows => rows.OrderByDescending(row => probabilities.Row(row)[labels[row]]).Take((int)Math.Ceiling(rows.Count() * Share * round / Rounds)))
                    .Order(),
            ];
            training = Rows.Joined(problem.Source, new LabeledFeatures(target.Select(sure), [.. sure.Select(row => labels[row])], problem.Source.Classes));
        }
        return new AdaptedFeatures(training, FeatureMap.Identity(target.Columns));
    }
}
