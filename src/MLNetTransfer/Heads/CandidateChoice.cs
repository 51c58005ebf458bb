namespace MLNetTransfer.Heads;

/// <summary>The features that cross-validation on some rows chose among several candidates, with what is chosen for them.</summary>
internal sealed record CandidateChoice(int Index, Design Design, HeadSelection Selection, IReadOnlyList<CrossValidated> Figures)
{
    /// <summary>
    /// Standard errors within which a candidate ties with the best. Paired differences of the losses, image by image, decide, because they
    /// are far less noisy than accuracies: the highest accuracy on 270 images among 18 cuts is mostly luck. Nested accuracy of what is chosen,
    /// mean of 6 to 8 seeds, on 300 photos of concrete, MobileNetV2 (last cut: .839): highest accuracy .823, lowest loss .843, this rule .845;
    /// MobileNetV1 0.25 (last: .765): .834, .820, .838. Where the last cut is best (ants or bees) all rules are within .003 of it with both.
    /// </summary>
    private const double Tie = .5;

    /// <summary>Chooses among candidates in ascending order of cost: the cheapest that ties with the one of the lowest log-loss.</summary>
    public static CandidateChoice Choose(
        IReadOnlyList<FeatureView> candidates, int[] labels, int[] groups, int[] rows, double[] classWeights, HeadOptions options, int threads,
        CancellationToken cancellation)
    {
        var designs = new Design[candidates.Count];
        var selections = new HeadSelection[candidates.Count];
        Parallel.For(0, candidates.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            designs[i] = Design.Of(candidates[i], rows);
            selections[i] = HeadSelection.Choose(designs[i], labels, groups, rows, classWeights, options, threads, cancellation);
        });
        CrossValidated[] figures = [.. selections.Select(selection => selection.Validated)];
        var lowest = figures.MinBy(validated => validated.LogLoss)!;
        var chosen = Array.FindIndex(figures, validated => validated.ErrorsWorseThan(lowest) <= Tie);
        return new CandidateChoice(chosen, designs[chosen], selections[chosen], figures);
    }
}
