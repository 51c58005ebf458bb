namespace MLNetTransfer.Backbones.Catalog;

/// <summary>A file that is in the cache now, verified.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Mirror">The address it came from; null when it was in the cache already.</param>
/// <param name="Failures">The mirrors that were tried before, each with its reason.</param>
public sealed record FetchedBackbone(string Path, long Bytes, string Sha256, Uri? Mirror, IReadOnlyList<MirrorFailure> Failures);
