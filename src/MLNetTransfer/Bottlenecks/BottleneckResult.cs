using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>The bottlenecks of the images that could be read, and the images that could not.</summary>
public sealed class BottleneckResult
{
    internal BottleneckResult(
        FeatureMatrix features, IReadOnlyList<int> rows, IReadOnlyList<ImageFingerprint> fingerprints, IReadOnlyList<SkippedImage> skipped, int fromCache) =>
        (Features, Rows, Fingerprints, Skipped, FromCache) = (features, rows, fingerprints, skipped, fromCache);

    /// <summary>One row a readable image, in the order of the paths.</summary>
    public FeatureMatrix Features { get; }

    /// <summary>For every row, the index of its path.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>For every row, the fingerprint of its image.</summary>
    public IReadOnlyList<ImageFingerprint> Fingerprints { get; }

    /// <summary>The images that could not be read, in the order of the paths.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    /// <summary>How many rows were found in the cache; the others were computed.</summary>
    public int FromCache { get; }
}
