using MLNetTransfer.Images;

namespace MLNetTransfer.Diagnosis;

/// <summary>Gathers the evidence from the features of two domains.</summary>
internal static class DomainExamination
{
    private const int MostForeign = 10;

    /// <summary>Examines two domains.</summary>
    /// <param name="source">The source, with labels.</param>
    /// <param name="target">The target, with or without labels.</param>
    /// <param name="side">The side of the square that the network looks at, in pixels.</param>
    /// <param name="permutations">How many permutations give a p-value.</param>
    /// <param name="seed">The seed of everything random.</param>
    /// <exception cref="TransferException">The domains are the same, or nothing differs between any two images.</exception>
    public static DiagnosisEvidence Examine(DomainSample source, DomainSample target, int side, int permutations, int seed)
    {
        RequireDifferent(source, target);
        (source, target) = (source.WithoutCopies(), target.WithoutCopies());
        var groups = DuplicateGroups.Find([.. source.Fingerprints, .. target.Fingerprints]);
        var sources = source.Paths.Count;
        var sourceGroups = groups.Take(sources).ToHashSet();
        var evidence = new DiagnosisEvidence(sources, target.Paths.Count, groups.Skip(sources).Count(sourceGroups.Contains),
            new FeatureSpaceEvidence(source.Traits, target.Traits, side), new ClassEvidence(source.Classes!, target.Classes));
        if (Math.Min(sources, target.Paths.Count) < DiagnosisRule.FewestImages)
            return evidence;

        RandomStream For(string name) => RandomStream.Derive(seed, name);
        var gram = Gram.Of(source.Features, target.Features);
        var (kernel, bandwidth) = MaximumMeanDiscrepancy.Kernel(gram, [.. Enumerable.Range(0, gram.Rows)]);
        var discrepancy = MaximumMeanDiscrepancy.Test(kernel, sources, permutations, For("discrepancy")) with { Bandwidth = bandwidth };
        var classifier = DomainClassifier.Test(gram, sources, groups, permutations, For("domain classifier"));
        var (first, second) = PrincipalPlane.Of(gram, For("principal plane"));
        var (labelShift, conditional) = Questions(source, target, gram, groups, permutations, seed);
        return new DiagnosisEvidence(sources, target.Paths.Count, evidence.SharedImages, evidence.FeatureSpace, evidence.Classes)
        {
            Marginal = new MarginalShiftEvidence(discrepancy, classifier, EffectSizes.Of(gram, sources, For("effect sizes"))),
            LabelShift = labelShift,
            Conditional = conditional,
            Foreign = [.. target.Paths.Select((path, i) => new ForeignImage(path, classifier.Scores[sources + i]))
                .OrderByDescending(image => image.Score).ThenBy(image => image.Path, StringComparer.Ordinal).Take(MostForeign)],
            Points = [.. classifier.Scores.Select((score, i) => new DomainPoint(i >= sources, first[i], second[i], score))],
        };
    }

    private static void RequireDifferent(DomainSample source, DomainSample target)
    {
        var (here, there) = (source.Fingerprints.Select(print => print.ContentHash).ToHashSet(), target.Fingerprints.Select(print => print.ContentHash).ToHashSet());
        var shared = here.Intersect(there).Count();
        if (shared == Math.Min(here.Count, there.Count))
            throw new TransferException($"Source and target are different images; all {shared} of '{(there.Count == shared ? target : source).Name}' "
                + $"are also in '{(there.Count == shared ? source : target).Name}'. Give the images the model will meet.");
    }

    private static (LabelShiftEvidence? LabelShift, ConditionalShiftEvidence? Conditional) Questions(
        DomainSample source, DomainSample target, Gram gram, int[] groups, int permutations, int seed)
    {
        RandomStream For(string name) => RandomStream.Derive(seed, name);
        var (classes, sources) = (source.Classes!, source.Paths.Count);
        var indices = classes.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        int[] labels = [.. source.Labels!.Select(name => indices[name]), .. Enumerable.Range(0, target.Paths.Count)
            .Select(row => target.Labels is null ? -1 : indices.GetValueOrDefault(target.Labels[row], -1))];
        if (classes.Count < 2 || labels.Take(sources).CountBy(label => label).Any(count => count.Value < 2))
            return (null, null);
        var heads = ClassHeads.Of(gram, labels, sources, classes.Count, groups, For("source head"));
        int[] sourceLabels = [.. labels.Take(sources)];
        var labelShift = BlackBoxShift.Estimate(classes, sourceLabels, heads.SourcePredictions,
            heads.PredictFromSource([.. Enumerable.Range(sources, target.Paths.Count)]), permutations, For("label shift"));
        labelShift = labelShift?.With(MatchedPValue(gram, sourceLabels, labelShift.TargetShares, permutations, For("matched proportions")));
        return (labelShift, ConditionalShift.Compare(heads, labels, sources, classes.Count, groups, permutations, For("conditional shift")));
    }

    /// <summary>Draws as many source images as there are in the estimated proportions, and tests the target against them; null where they are too few.</summary>
    private static double? MatchedPValue(Gram gram, int[] labels, IReadOnlyList<double> shares, int permutations, RandomStream random)
    {
        int[] shuffled = [.. Enumerable.Range(0, labels.Length)];
        random.Shuffle<int>(shuffled);
        var ofClass = shuffled.ToLookup(row => labels[row]);
        var size = shares.Select((share, label) => share > 0 ? ofClass[label].Count() / share : double.PositiveInfinity).Min();
        int[] matched = [.. shares.SelectMany((share, label) => ofClass[label].Take((int)Math.Round(share * size)))];
        if (matched.Length < DiagnosisRule.FewestImages)
            return null;
        var (kernel, _) = MaximumMeanDiscrepancy.Kernel(gram, [.. matched, .. Enumerable.Range(labels.Length, gram.Rows - labels.Length)]);
        return MaximumMeanDiscrepancy.Test(kernel, matched.Length, permutations, random).PValue;
    }
}
