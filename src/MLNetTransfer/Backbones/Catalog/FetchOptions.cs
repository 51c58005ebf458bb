using System.Net;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>How a backbone is downloaded. Every default is usable as it is.</summary>
public sealed class FetchOptions
{
    /// <summary>Addresses to try before those of the catalog, http or https; one that ends in '/' is a folder that holds the file. Default: none.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>The SHA-256 the file must have, 64 hexadecimal digits; needed where none is published. Default: that of the catalog.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Whether a file without a published SHA-256 is believed when it is first downloaded, over https alone; its SHA-256 is noted beside it
    /// and binding from then on. Default: no.
    /// </summary>
    public bool TrustFirstDownload { get; init; }

    /// <summary>How often one mirror is asked before the next one, 1 or more; a broken download goes on where it broke. Default: 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>How long a mirror may send nothing. Default: 30 seconds.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the second attempt, doubled before each further one. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait; a mirror that asks for more (Retry-After) is left for the next one. Default: 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many redirects are followed, 0 or more; never from https to http. Default: 5.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>The largest file taken where the catalog states no length, in bytes. Default: 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1 << 30;

    /// <summary>The proxy; null (default) takes the one of the system, which HTTPS_PROXY and its kin state.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Sends the requests instead of a handler of our own; it must not follow redirects by itself, and is not disposed. Default: none.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock of all waits. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate(CatalogEntry entry)
    {
        var faults = new List<string>();
        if (Sha256 is not null && !CatalogEntry.IsSha256(Sha256.ToLowerInvariant()))
            faults.Add($"A SHA-256 is 64 hexadecimal digits; received '{Sha256}'.");
        else if (Sha256 is not null && entry.Sha256 is { } published && !published.Equals(Sha256, StringComparison.OrdinalIgnoreCase))
            faults.Add($"The SHA-256 of {entry.Name} is {published}; received {Sha256}. Leave it out.");
        foreach (var mirror in Mirrors.Where(mirror => !mirror.IsAbsoluteUri || mirror.Scheme is not ("http" or "https")))
            faults.Add($"A mirror is an http or https address; received '{mirror}'.");
        if (Attempts < 1 || MaxRedirects < 0 || MaxBytes < 1)
            faults.Add("Attempts and MaxBytes are 1 or more and MaxRedirects 0 or more.");
        if (StallTimeout <= TimeSpan.Zero || RetryDelay < TimeSpan.Zero || MaxRetryDelay < TimeSpan.Zero)
            faults.Add("StallTimeout is longer than 0; RetryDelay and MaxRetryDelay are 0 or longer.");
        if (faults.Count > 0)
            throw new TransferException("Options of the download are wrong. " + string.Join(' ', faults));
    }

    internal IEnumerable<Uri> MirrorsOf(CatalogEntry entry) =>
        Mirrors.Select(mirror => mirror.AbsolutePath.EndsWith('/') ? new Uri(mirror, entry.File) : mirror).Concat(entry.Mirrors.Select(mirror => new Uri(mirror)));
}
