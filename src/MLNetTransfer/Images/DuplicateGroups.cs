using System.Numerics;

namespace MLNetTransfer.Images;

/// <summary>Groups images that show the same picture, so that no copy of a training image is held out.</summary>
public static class DuplicateGroups
{
    /// <summary>
    /// Finds groups. Two images belong together if their bytes are the same, or if they are near duplicates; whatever belongs to one
    /// of a group belongs to all of it.
    /// </summary>
    /// <param name="fingerprints">The fingerprints of the images, taken with one preprocessing.</param>
    /// <returns>For each image the number of its group; groups are numbered from 0 in the order they first occur.</returns>
    public static int[] Find(IReadOnlyList<ImageFingerprint> fingerprints)
    {
        ArgumentNullException.ThrowIfNull(fingerprints);
        throw new NotImplementedException(BitOperations.PopCount(0).ToString());
    }
}
