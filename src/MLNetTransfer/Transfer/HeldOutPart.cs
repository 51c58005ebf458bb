using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>Separates training images from held-out ones so that nothing the model learns from is in what it is measured on.</summary>
internal static class HeldOutPart
{
    /// <summary>Draws a stratified share; near-duplicates stay together. No part when the share is 0.</summary>
    public static (FeaturisedImages Train, FeaturisedImages? Test) Drawn(FeaturisedImages images, double fraction, int seed)
    {
        images.Images.RequireTrainable();
        if (fraction == 0)
            return (images, null);
        var isHeldOut = StratifiedSplit.HeldOut(images.Images.LabelIndices, DuplicateGroups.Find(images.Fingerprints), fraction, seed, images.Images.Classes);
        var rows = Enumerable.Range(0, isHeldOut.Length).ToLookup(row => isHeldOut[row]);
        var train = images.Subset([.. rows[false]]);
        RequireTrainable(train.Images, FormattableString.Invariant($"with {rows[true].Count()} of {images.Images.Images.Count} held out"));
        return (train, images.Subset([.. rows[true]]) with { Skipped = [] });
    }

    /// <summary>
    /// Takes a given test set. A file in both sets is an error; training images that show nearly the same picture as a test image are left out
    /// of training, with the reason.
    /// </summary>
    public static (FeaturisedImages Train, FeaturisedImages Test) Given(FeaturisedImages train, FeaturisedImages test)
    {
        train.Images.RequireTrainable();
        if (test.Images.Images.Count == 0)
            throw new TransferException($"A test set has 1 or more readable images; received none in {test.Images.Source}. Check the folder.");
        var testOf = new Dictionary<string, string>();
        for (var i = 0; i < test.Fingerprints.Count; i++)
            testOf.TryAdd(test.Fingerprints[i].ContentHash, test.Images.Images[i].Path);
        for (var i = 0; i < train.Fingerprints.Count; i++)
            if (testOf.TryGetValue(train.Fingerprints[i].ContentHash, out var same))
                throw new TransferException($"No file is both trained on and tested on; '{train.Images.Images[i].Path}' and '{same}' are the same. "
                    + $"Remove it from one of {train.Images.Source} and {test.Images.Source}.");

        var groups = DuplicateGroups.Find([.. train.Fingerprints, .. test.Fingerprints]);
        var testOfGroup = new Dictionary<int, string>();
        for (var i = 0; i < test.Fingerprints.Count; i++)
            testOfGroup.TryAdd(groups[train.Fingerprints.Count + i], test.Images.Images[i].Path);
        var near = Enumerable.Range(0, train.Fingerprints.Count).ToLookup(row => testOfGroup.ContainsKey(groups[row]));
        if (!near[true].Any())
            return (train, test);
        var leftOut = near[true].Select(row =>
            new SkippedImage(train.Images.Images[row].Path, $"shows nearly the same picture as the test image '{testOfGroup[groups[row]]}'"));
        var rest = train.Subset([.. near[false]]) with { Skipped = [.. train.Skipped, .. leftOut] };
        RequireTrainable(rest.Images, FormattableString.Invariant(
            $"with {near[true].Count()} left out because they show nearly the same as test images"));
        return (rest, test);
    }

    /// <summary>The rule of <see cref="ImageSet.RequireTrainable"/>, told so that nobody looks for the missing images in the folder.</summary>
    private static void RequireTrainable(ImageSet train, string because)
    {
        foreach (var name in train.Classes)
            if (train.Images.Count(image => image.Label == name) is < 2 and var left)
                throw new TransferException($"Training takes 2 or more images of every class; {because}, {left} of '{name}' in {train.Source} "
                    + "is left to train on. Add images of it, or give a test set of other images.");
    }
}
