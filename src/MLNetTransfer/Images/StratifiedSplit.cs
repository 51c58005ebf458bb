namespace MLNetTransfer.Images;

/// <summary>
/// Splits images so that every part has nearly the same share of every class and no group of duplicates straddles two parts. A group
/// with contradictory labels counts for its most frequent one.
/// </summary>
public static class StratifiedSplit
{
    /// <summary>Deals the images to folds for cross-validation.</summary>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="groups">The group of each image; see <see cref="DuplicateGroups"/>.</param>
    /// <param name="folds">How many folds, 2 or more.</param>
    /// <param name="seed">The seed; the same one gives the same folds.</param>
    /// <param name="classes">The names of the classes, for messages.</param>
    /// <returns>For each image its fold, from 0. In each class the folds differ by no more images than its largest group has.</returns>
    /// <exception cref="TransferException">A class has fewer groups than there are folds.</exception>
    public static int[] Folds(IReadOnlyList<int> labels, IReadOnlyList<int> groups, int folds, int seed, IReadOnlyList<string>? classes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var foldOf = new int[labels.Count];
        var totals = new int[folds];
        foreach (var (label, members) in ByClass(labels, groups, RandomStream.Derive(seed, "folds")))
        {
            if (members.Count < folds)
                throw TooFew(label, members.Count, folds, $"Splitting into {folds} folds",
                    members.Count < 2 ? "leave it out" : $"ask for {members.Count} folds or fewer", classes);
            var counts = new int[folds];
            // Large groups first, while there is room to level them out; OrderBy keeps the random order among equals.
            foreach (var group in members.OrderByDescending(group => group.Count))
            {
                var fold = Enumerable.Range(0, folds).MinBy(f => (counts[f], totals[f]));
                counts[fold] += group.Count;
                totals[fold] += group.Count;
                foreach (var image in group)
                    foldOf[image] = fold;
            }
        }
        return foldOf;
    }

    /// <summary>Holds a share of the images out of training.</summary>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="groups">The group of each image; see <see cref="DuplicateGroups"/>.</param>
    /// <param name="fraction">The share to hold out, between 0 and 1, both exclusive.</param>
    /// <param name="seed">The seed; the same one gives the same split.</param>
    /// <param name="classes">The names of the classes, for messages.</param>
    /// <returns>
    /// For each image whether it is held out. Each class has at least one group on both sides, and otherwise its share within half the
    /// size of its largest group.
    /// </returns>
    /// <exception cref="TransferException">A class has only one group.</exception>
    public static bool[] HeldOut(
        IReadOnlyList<int> labels, IReadOnlyList<int> groups, double fraction, int seed, IReadOnlyList<string>? classes = null)
    {
        if (fraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The share to hold out lies between 0 and 1, both exclusive.");
        var isHeldOut = new bool[labels.Count];
        foreach (var (label, members) in ByClass(labels, groups, RandomStream.Derive(seed, "held-out")))
        {
            if (members.Count < 2)
                throw TooFew(label, members.Count, 2, "Holding images out", "give a test set of your own", classes);
            var target = fraction * members.Sum(group => group.Count);
            var (held, heldGroups) = (0, 0);
            foreach (var group in members)
            {
                var isCloser = Math.Abs(held + group.Count - target) < Math.Abs(held - target);
                if (!isCloser || heldGroups == members.Count - 1)
                    continue;
                Hold(group);
            }
            if (heldGroups == 0)
                Hold(members.MinBy(group => group.Count)!);

            void Hold(List<int> group)
            {
                held += group.Count;
                heldGroups++;
                foreach (var image in group)
                    isHeldOut[image] = true;
            }
        }
        return isHeldOut;
    }

    /// <summary>The groups of each class in random order, classes in ascending order.</summary>
    private static IEnumerable<(int Label, List<List<int>> Groups)> ByClass(IReadOnlyList<int> labels, IReadOnlyList<int> groups, RandomStream random)
    {
        if (labels.Count != groups.Count)
            throw new ArgumentException($"There are as many labels as groups; received {labels.Count} and {groups.Count}.", nameof(groups));
        var byClass = new SortedDictionary<int, List<List<int>>>();
        foreach (var group in Enumerable.Range(0, labels.Count).GroupBy(image => groups[image]))
        {
            var label = group.GroupBy(image => labels[image]).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).First().Key;
            if (!byClass.TryGetValue(label, out var members))
                byClass.Add(label, members = []);
            members.Add([.. group]);
        }
        foreach (var (label, members) in byClass)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
            yield return (label, members);
        }
    }

    private static TransferException TooFew(int label, int received, int expected, string task, string alternative, IReadOnlyList<string>? classes) =>
        new($"{task} needs {expected} or more different images of each class (copies count once); received {received} of "
            + $"{(classes is null ? $"class {label}" : $"'{classes[label]}'")}. Add images of that class, or {alternative}.");
}
