using MLNetTransfer.Images;

namespace MLNetTransfer.Diagnosis;

/// <summary>The readable images of a domain that are examined: files, features, and labels where there are any.</summary>
/// <param name="Name">What messages call the domain.</param>
/// <param name="Paths">The files.</param>
/// <param name="Features">One row an image.</param>
/// <param name="Fingerprints">One an image.</param>
/// <param name="Traits">One an image.</param>
/// <param name="Labels">The class of every image; null for an unlabelled domain.</param>
internal sealed record DomainSample(string Name, IReadOnlyList<string> Paths, FeatureMatrix Features, IReadOnlyList<ImageFingerprint> Fingerprints,
    IReadOnlyList<ImageTraits> Traits, IReadOnlyList<string>? Labels)
{
    /// <summary>The classes, in ordinal order; null for an unlabelled domain.</summary>
    public IReadOnlyList<string>? Classes => Labels is null ? null : [.. Labels.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The chosen images, in the order given.</summary>
    public DomainSample Select(IReadOnlyList<int> rows) => new(Name, Take(Paths, rows), Features.Select(rows), Take(Fingerprints, rows), Take(Traits, rows),
        Labels is null ? null : Take(Labels, rows));

    /// <summary>One image of each group of copies: copies are no further evidence.</summary>
    public DomainSample WithoutCopies() => Select(
        [.. DuplicateGroups.Find(Fingerprints).Select((group, row) => (group, row)).DistinctBy(pair => pair.group).Select(pair => pair.row)]);

    private static T[] Take<T>(IReadOnlyList<T> items, IReadOnlyList<int> rows) => [.. rows.Select(row => items[row])];
}
