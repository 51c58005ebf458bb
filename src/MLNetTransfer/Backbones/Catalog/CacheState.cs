namespace MLNetTransfer.Backbones.Catalog;

/// <summary>Whether a backbone of the catalog can be used at once.</summary>
public enum CacheState
{
    /// <summary>It comes with the library.</summary>
    Embedded,

    /// <summary>Its file is in the cache with the right length; the SHA-256 is verified when it is used.</summary>
    Fetched,

    /// <summary>Its file is not in the cache.</summary>
    NotFetched,

    /// <summary>A file of another length is in its place; fetching replaces it.</summary>
    Damaged,
}
