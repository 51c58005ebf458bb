namespace MLNetTransfer.Backbones.Catalog;

/// <summary>
/// Downloads the file of one backbone into a cache folder when, and only when, it is asked to. A file appears there whole and verified or not
/// at all; what was received before a broken connection is kept beside it and continued.
/// </summary>
public static class BackboneFetcher
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes sure that the right file is in the cache: downloads it unless it is there, replaces one that is damaged.</summary>
    /// <param name="entry">The backbone.</param>
    /// <param name="cacheFolder">The folder to keep it in; created when missing. The file's path is <see cref="BackboneCatalog.PathOf"/>.</param>
    /// <param name="options">How to download; null for the defaults.</param>
    /// <param name="progress">Receives where it stands.</param>
    /// <param name="cancellation">Stops it; what was received is kept for the next time.</param>
    /// <exception cref="BackboneFetchException">No mirror gave the file.</exception>
    /// <exception cref="TransferException">It is embedded, nothing says which file is the right one, or the folder cannot be written to.</exception>
    public static async Task<FetchedBackbone> FetchAsync(
        CatalogEntry entry, string cacheFolder, FetchOptions? options = null, IProgress<FetchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(cacheFolder);
        options ??= new FetchOptions();
        options.Validate(entry);
        if (entry.Embedded)
            throw new TransferException($"A backbone is fetched when it is not there; {entry.Name} comes with the library. Use it as it is.");
        var cached = new CachedFile(entry, cacheFolder);
        RequireSomethingToTrust(entry, options, cached);
        CreateFolder(cached.Folder);
        using var turn = await TakeTurnAsync(cached.Path, options, progress, cancellation).ConfigureAwait(false);

        // Whoever had the turn before may have noted it.
        var sha256 = options.Sha256?.ToLowerInvariant() ?? cached.Sha256;
        if (await FindAsync(cached, sha256, progress, cancellation).ConfigureAwait(false) is { } found)
            return found;
        return await DownloadAsync(entry, cached, sha256, options, progress, cancellation).ConfigureAwait(false);
    }

    private static async Task<FetchedBackbone> DownloadAsync(
        CatalogEntry entry, CachedFile cached, string? sha256, FetchOptions options, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        using var client = CreateClient(options);
        using var part = new PartFile(cached.Path + ".part");
        var failures = new List<MirrorFailure>();
        foreach (var mirror in options.MirrorsOf(entry))
        {
            try
            {
                if (sha256 is null && mirror.Scheme != Uri.UriSchemeHttps)
                    throw new MirrorFault("was not asked: a file is believed without a SHA-256 over https alone", canRetry: false);
                var received = await new MirrorDownload(client, mirror, entry, sha256, part, options, progress).RunAsync(cancellation).ConfigureAwait(false);
                var bytes = part.Length;
                cached.Trust(received);
                part.MoveTo(cached.Path);
                return new FetchedBackbone(cached.Path, bytes, received, mirror, failures);
            }
            catch (MirrorFault fault)
            {
                failures.Add(new MirrorFailure(mirror, fault.Message));
            }
        }

        throw new BackboneFetchException(entry, cached.Path, sha256, failures);
    }

    /// <summary>The file when it is in the cache already, put there by hand or before; null when it is not or is another one.</summary>
    private static async Task<FetchedBackbone?> FindAsync(CachedFile cached, string? sha256, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            if (!File.Exists(cached.Path))
                return null;
            await using var file = File.OpenRead(cached.Path);
            progress?.Report(new FetchProgress("verifying", file.Length, file.Length));
            var actual = await CachedFile.HashAsync(file, cancellation).ConfigureAwait(false);
            if (sha256 is not null && actual != sha256)
                return null;
            cached.Trust(actual);
            return new FetchedBackbone(cached.Path, file.Length, actual, null, []);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"The cached file '{cached.Path}' cannot be read: {fault.Message} Remove it, or choose another cache folder.", fault);
        }
    }

    private static void RequireSomethingToTrust(CatalogEntry entry, FetchOptions options, CachedFile cached)
    {
        if (!options.TrustFirstDownload && (options.Sha256 ?? cached.Sha256) is null)
            throw new TransferException(
                $"A download is believed by its SHA-256; nobody publishes that of {entry.Name}. State the one you trust (--sha256 HEX), or accept the " +
                "first download as it comes and be held to its SHA-256 from then on (--trust-first-download).");
    }

    private static HttpClient CreateClient(FetchOptions options) =>
        new(options.Handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Proxy = options.Proxy }, disposeHandler: options.Handler is null)
        {
            // A large file may take an hour; that it comes at all is what StallTimeout watches.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, fault);
        }
    }

    /// <summary>Waits until no other process fetches the same file. The lock is the open file, so that it ends with its process.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, FetchOptions options, IProgress<FetchProgress>? progress, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException fault) when (IsTaken(fault))
            {
                progress?.Report(new FetchProgress("waiting for another download of it", 0, null));
                await Task.Delay(LockPoll, options.Time, cancellation).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(path, fault);
            }
        }
    }

    /// <summary>Whether another process has the file: ERROR_SHARING_VIOLATION of Windows, EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsTaken(IOException fault) => fault.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static TransferException Unwritable(string path, Exception fault) =>
        new($"A backbone is fetched into a folder that can be written to; '{path}' could not be: {fault.Message} Choose another cache folder.", fault);
}
