namespace MLNetTransfer.Diagnosis;

/// <summary>Compares heads of the source, the target and both on labelled images of the target.</summary>
internal static class ConditionalShift
{
    /// <summary>Labelled images that each class of the target has for its heads to be compared: one in every fold.</summary>
    public const int FewestOfAClass = CrossFolds.Count;

    /// <summary>Compares the heads; null when fewer than two classes of the source have enough labelled target images.</summary>
    /// <param name="heads">The heads.</param>
    /// <param name="labels">The class of every image of both domains, those of the source first; -1 for an image of the target of no class of the source.</param>
    /// <param name="sources">How many images are of the source.</param>
    /// <param name="classes">The number of classes of the source.</param>
    /// <param name="groups">The group of every image: copies of one picture share one.</param>
    /// <param name="permutations">How many permutations give the p-value of the drop.</param>
    /// <param name="random">Settles folds and permutations.</param>
    public static ConditionalShiftEvidence? Compare(ClassHeads heads, int[] labels, int sources, int classes, IReadOnlyList<int> groups, int permutations, RandomStream random)
    {
        var ofClass = Enumerable.Range(sources, labels.Length - sources).Where(row => labels[row] >= 0).ToLookup(row => labels[row]);
        int[] compared = [.. Enumerable.Range(0, classes).Where(label => ofClass[label].Count() >= FewestOfAClass)];
        if (compared.Length < 2)
            return null;
        int[] targets = [.. compared.SelectMany(label => ofClass[label]).Order()];
        int[] sourceRows = [.. Enumerable.Range(0, sources).Where(row => compared.Contains(labels[row]))];
        var folds = CrossFolds.Deal([.. targets.Select(row => groups[row])], [.. targets.Select(row => labels[row])], random.At(-1));
        // A copy, in the source, of a target image must not help to decide it.
        var foldOfGroup = targets.Zip(folds).DistinctBy(pair => groups[pair.First]).ToDictionary(pair => groups[pair.First], pair => pair.Second);
        int[] both = [.. sourceRows, .. targets];
        int[] bothFolds = [.. sourceRows.Select(row => foldOfGroup.GetValueOrDefault(groups[row], -1)), .. folds];

        var bySource = heads.PredictFromSource(targets);
        var byTarget = heads.PredictOutOfFold(targets, row => labels[row], folds);
        var byBoth = heads.PredictOutOfFold(both, row => row < sources ? labels[row] : labels[row] + classes, bothFolds)[sourceRows.Length..];
        var (onlyTarget, onlyBoth) = (0, 0);
        for (var i = 0; i < targets.Length; i++)
        {
            var (target, pooled) = (byTarget[i] == labels[targets[i]], byBoth[i] == labels[targets[i]]);
            onlyTarget += target && !pooled ? 1 : 0;
            onlyBoth += pooled && !target ? 1 : 0;
        }
        bool[] hits = [.. sourceRows.Select(row => heads.SourcePredictions[row] == labels[row]), .. targets.Select((row, i) => bySource[i] == labels[row])];
        var drop = DropPValue(hits, [.. both.Select(row => labels[row])], sourceRows.Length, permutations, random);
        return new ConditionalShiftEvidence(targets.Length, (double)hits.Take(sourceRows.Length).Count(hit => hit) / sourceRows.Length,
            Accuracy(bySource), Accuracy(byTarget), Accuracy(byBoth), onlyTarget, onlyBoth, drop);

        double Accuracy(int[] predictions) => targets.Where((row, i) => predictions[i] == labels[row]).Count() / (double)targets.Length;
    }

    /// <summary>How often the target has as few hits as it has, when hits are dealt anew to the images of each class.</summary>
    internal static double DropPValue(bool[] hits, int[] labels, int sources, int permutations, RandomStream random)
    {
        int[][] classes = [.. Enumerable.Range(0, labels.Length).GroupBy(row => labels[row]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        var observed = hits.Skip(sources).Count(hit => hit);
        var asFew = 0;
        for (var i = 0; i < permutations; i++)
        {
            var (draw, count) = (random.At(i), 0);
            foreach (var rows in classes)
            {
                bool[] dealt = [.. rows.Select(row => hits[row])];
                draw.Shuffle<bool>(dealt);
                count += rows.Where((row, k) => row >= sources && dealt[k]).Count();
            }
            asFew += count <= observed ? 1 : 0;
        }
        return (1.0 + asFew) / (1 + permutations);
    }
}
