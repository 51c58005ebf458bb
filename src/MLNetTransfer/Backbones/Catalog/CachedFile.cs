using System.Security.Cryptography;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>The file of one backbone in the cache folder: its path, the SHA-256 it must have, and its verification.</summary>
internal sealed class CachedFile(CatalogEntry entry, string cacheFolder)
{
    public string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(cacheFolder, "backbones"));

    // Entries may also be made in code, which nobody has checked.
    public string Path => CatalogEntry.IsPlainFile(entry.File)
        ? System.IO.Path.Combine(Folder, entry.File)
        : throw new TransferException($"The file of a backbone is a name without folders; that of {entry.Name} is '{entry.File}'. Correct its entry.");

    /// <summary>Where the SHA-256 is noted that a user trusted because nobody published one.</summary>
    private string TrustedPath => Path + ".sha256";

    /// <summary>The SHA-256 the file must have; null when it is neither published nor was trusted before.</summary>
    public string? Sha256 =>
        entry.Sha256 ?? (File.Exists(TrustedPath) && File.ReadAllText(TrustedPath).Trim() is var text && CatalogEntry.IsSha256(text) ? text : null);

    /// <summary>Notes the SHA-256 that a file without a published one has from now on.</summary>
    public void Trust(string sha256)
    {
        if (entry.Sha256 is not null)
            return;
        var temporary = $"{TrustedPath}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(temporary, sha256 + "\n");
        File.Move(temporary, TrustedPath, overwrite: true);
    }

    /// <summary>The bytes of the file, with the right SHA-256.</summary>
    /// <exception cref="TransferException">It is not there, cannot be read, or is not the right one.</exception>
    public byte[] ReadVerified()
    {
        if (!File.Exists(Path))
            throw new TransferException(
                $"A backbone of the catalog is fetched before it is used; {entry.Name} was not: there is no '{Path}'. Fetch it with " +
                $"'mlnettransfer backbones fetch {entry.Name}'.");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(Path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"The backbone {entry.Name} in the cache cannot be read: {fault.Message} Check the file, or fetch it anew.", fault);
        }

        var received = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (Sha256 is not { } expected)
            throw new TransferException(
                $"A backbone is used when its SHA-256 is known; that of {entry.Name} is published nowhere and '{Path}' was not fetched. Fetch it with " +
                $"'mlnettransfer backbones fetch {entry.Name}', which says how to state what you trust.");
        return received == expected
            ? bytes
            : throw new TransferException(
                FormattableString.Invariant($"The backbone {entry.Name} has the SHA-256 {expected}; '{Path}' has {received} ({bytes.Length} bytes): ") +
                $"the file is damaged or another one. Replace it with 'mlnettransfer backbones fetch {entry.Name}'.");
    }

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal.</summary>
    public static async Task<string> HashAsync(Stream stream, CancellationToken cancellation)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
    }
}
