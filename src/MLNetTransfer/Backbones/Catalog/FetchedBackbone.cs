namespace MLNetTransfer.Backbones.Catalog;

/// <summary>A file that is in the cache now, verified.</summary>
public sealed class FetchedBackbone
{
    internal FetchedBackbone(string path, long bytes, string sha256, Uri? mirror, IReadOnlyList<MirrorFailure> failures) =>
        (Path, Bytes, Sha256, Mirror, Failures) = (path, bytes, sha256, mirror, failures);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>Its SHA-256 in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The address it came from; null when it was in the cache already.</summary>
    public Uri? Mirror { get; }

    /// <summary>The mirrors that were tried before, each with its reason.</summary>
    public IReadOnlyList<MirrorFailure> Failures { get; }
}
