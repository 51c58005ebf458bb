namespace MLNetTransfer.Heads.Transferability;

/// <summary>What features can be scored, checked before any work.</summary>
internal static class TransferabilityInput
{
    public static void Validate(FeatureMatrix features, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != features.Rows)
            throw new TransferException($"Every image has one label; received {features.Rows} images and {labels.Count} labels. Give as many labels as rows.");
        if (features.Rows < 2)
            throw new TransferException($"Features are scored on 2 or more images; received {features.Rows}. Give more images.");
        if (labels.Any(label => label < 0))
            throw new TransferException($"Labels are indices of classes, 0 or more; received {labels.First(label => label < 0)}. Number the classes from 0.");
        if (labels.Distinct().Count() < 2)
            throw new TransferException($"Features are scored by how they tell 2 or more classes apart; received images of 1. Give images of another class.");
        var isConstant = true;
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            foreach (var value in values)
                if (!float.IsFinite(value))
                    throw new TransferException($"Features must be finite numbers; received {value} in row {row}. Check the backbone and the image of that row.");
            isConstant &= values.SequenceEqual(features.Row(0));
        }
        if (isConstant)
            throw new TransferException($"Features must differ between images; received {features.Rows} equal rows. Check that the images and the cut are the right ones.");
    }
}
