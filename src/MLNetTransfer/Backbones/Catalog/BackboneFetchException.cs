using System.Globalization;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>No mirror gave the file of a backbone. The message lists them with their reasons and says where to put the file by hand.</summary>
public sealed class BackboneFetchException : TransferException
{
    internal BackboneFetchException(CatalogEntry entry, string path, string? sha256, IReadOnlyList<MirrorFailure> failures)
        : base(Compose(entry, path, sha256, failures))
    {
        Path = path;
        Failures = failures;
    }

    /// <summary>Where the file belongs.</summary>
    public string Path { get; }

    /// <summary>The mirrors in the order they were tried, each with its reason.</summary>
    public IReadOnlyList<MirrorFailure> Failures { get; }

    private static string Compose(CatalogEntry entry, string path, string? sha256, IReadOnlyList<MirrorFailure> failures)
    {
        var bytes = entry.Bytes is { } length ? length.ToString("#,0 'bytes'", CultureInfo.InvariantCulture) : "of a length nobody publishes";
        var hash = sha256 is null ? "whose SHA-256 you trust" : $"SHA-256 {sha256}";
        return $"A backbone is fetched from one of its mirrors; none gave {entry.Name}:\n"
            + string.Concat(failures.Select(failure => $"  {failure.Mirror} {failure.Reason}.\n"))
            + $"Name another mirror, or put the file {entry.File} ({bytes}, {hash}) here yourself:\n  {path}";
    }
}
