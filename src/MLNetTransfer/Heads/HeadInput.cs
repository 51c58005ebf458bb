namespace MLNetTransfer.Heads;

/// <summary>What a head must be given, checked before any work.</summary>
internal static class HeadInput
{
    public static void Validate(FeatureMatrix features, int[] labels, int[] groups, IReadOnlyList<string> classes, string? positive)
    {
        if (classes.Count < 2)
            throw new TransferException($"A head needs 2 or more classes; "
                + $"received {classes.Count} ({string.Join(", ", classes.Select(name => $"'{name}'"))}). Give images of another class.");
        for (var k = 1; k < classes.Count; k++)
            if (string.CompareOrdinal(classes[k - 1], classes[k]) >= 0)
                throw new TransferException($"Classes must be distinct and in ordinal order; received '{classes[k - 1]}' before '{classes[k]}'. "
                    + "Sort them.");
        if (positive is not null && classes.Count > 2)
            throw new TransferException($"A positive class belongs to a task of 2 classes; received '{positive}' with {classes.Count} classes. "
                + "Leave it out.");
        if (positive is not null && !classes.Contains(positive))
            throw new TransferException($"The positive class must be one of {string.Join(", ", classes.Select(name => $"'{name}'"))}; "
                + $"received '{positive}'.");
        if (labels.Length != features.Rows || groups.Length != features.Rows)
            throw new TransferException($"Every row needs one label and one group; "
                + $"received {features.Rows} rows, {labels.Length} labels, {groups.Length} groups.");
        if (Array.FindIndex(labels, label => label < 0 || label >= classes.Count) is >= 0 and var wrong)
            throw new TransferException($"Labels are indices from 0 to {classes.Count - 1}; received {labels[wrong]} in row {wrong}.");
        var counts = HeadSelection.GroupsOfClasses(labels, groups, [.. Enumerable.Range(0, labels.Length)], classes.Count);
        if (Array.FindIndex(counts, count => count < 2) is >= 0 and var scarce)
            throw new TransferException($"Every class needs 2 or more different images (near-duplicates count once); "
                + $"received {counts[scarce]} of '{classes[scarce]}'. Add images of it.");
        var first = features.Row(0);
        var constant = true;
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            foreach (var value in values)
                if (!float.IsFinite(value))
                    throw new TransferException($"Features must be finite numbers; received {value} in row {row}. "
                        + "Check the backbone and the image of that row.");
            constant &= values.SequenceEqual(first);
        }
        if (constant)
            throw new TransferException($"Features must differ between images; received {features.Rows} equal rows. "
                + "Check that the images and the cut are the right ones.");
    }
}
