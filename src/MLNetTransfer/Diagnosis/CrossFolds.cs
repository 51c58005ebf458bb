namespace MLNetTransfer.Diagnosis;

/// <summary>Folds of a cross-validation that keep copies of a picture together.</summary>
internal static class CrossFolds
{
    public const int Count = 5;

    /// <summary>Deals the images to folds of nearly equal size, group by group; the images of a stratum are spread over all folds.</summary>
    /// <param name="groups">The group of each image: copies of one picture share one.</param>
    /// <param name="strata">The class of each image; of a group that of its first image counts. Null where folds must not depend on classes.</param>
    /// <param name="random">Settles the order within a stratum.</param>
    public static int[] Deal(IReadOnlyList<int> groups, IReadOnlyList<int>? strata, RandomStream random)
    {
        var members = Enumerable.Range(0, groups.Count).GroupBy(row => groups[row]).Select(group => group.ToArray()).ToArray();
        random.Shuffle<int[]>(members);
        var folds = new int[groups.Count];
        var (sizes, ofStratum) = (new int[Count], new Dictionary<int, int[]>());
        foreach (var group in members.OrderBy(group => strata?[group[0]] ?? 0))
        {
            var stratum = strata?[group[0]] ?? 0;
            if (!ofStratum.TryGetValue(stratum, out var counts))
                ofStratum.Add(stratum, counts = new int[Count]);
            var fold = Enumerable.Range(0, Count).MinBy(f => (counts[f], sizes[f]));
            counts[fold] += group.Length;
            sizes[fold] += group.Length;
            foreach (var row in group)
                folds[row] = fold;
        }
        return folds;
    }
}
