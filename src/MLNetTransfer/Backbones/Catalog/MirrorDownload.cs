using System.Buffers;
using System.Globalization;
using System.Net;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>
/// Gets one file from one mirror: goes on where an earlier attempt broke, and believes neither lengths, ranges nor contents until the SHA-256
/// says so.
/// </summary>
internal sealed class MirrorDownload(
    HttpClient client, Uri mirror, CatalogEntry entry, string? sha256, PartFile part, FetchOptions options, IProgress<FetchProgress>? progress)
{
    private const int BufferBytes = 1 << 17;
    private long? _total;

    /// <summary>Fills the part file with the whole file and returns its SHA-256.</summary>
    /// <exception cref="MirrorFault">The mirror did not give the file, however often it was asked.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        for (var (attempt, delay) = (1, options.RetryDelay); ; attempt++, delay *= 2)
        {
            try
            {
                return await AttemptAsync(cancellation).ConfigureAwait(false);
            }
            catch (MirrorFault fault) when (fault.CanRetry && attempt < options.Attempts && !(fault.RetryAfter > options.MaxRetryDelay))
            {
                var wait = fault.RetryAfter is { } after && after > TimeSpan.Zero ? after : delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
                progress?.Report(new FetchProgress($"{mirror.Host} {fault.Message}; trying again", part.Length, entry.Bytes));
                await Task.Delay(wait, options.Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> AttemptAsync(CancellationToken cancellation)
    {
        // Without a SHA-256 to check the whole by, the rest must be of the same version from the same place.
        var isKnown = part.Address == mirror.AbsoluteUri && part.ETag.Length > 0;
        var from = (sha256 is not null || isKnown) && !(part.Length >= (entry.Bytes ?? long.MaxValue)) ? part.Length : 0;
        using var stall = new CancellationTokenSource(options.StallTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
        var isResumed = false;
        try
        {
            using var response = await MirrorResponse.AskAsync(client, mirror, from, isKnown ? part.ETag : "", options, linked.Token).ConfigureAwait(false);
            isResumed = Begin(response, from);
            await CopyAsync(response, stall, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new MirrorFault(string.Create(CultureInfo.InvariantCulture, $"sent nothing for {options.StallTimeout.TotalSeconds:0.###} seconds"), canRetry: true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw MirrorResponse.Fault(fault);
        }

        progress?.Report(new FetchProgress("verifying", part.Length, part.Length));
        var received = await part.HashAsync(cancellation).ConfigureAwait(false);
        if (sha256 is null || received == sha256)
            return received;
        part.Restart("", "");
        // The first half may have come from another mirror: this one has not lied yet.
        throw new MirrorFault($"sent a file with the SHA-256 {received}, expected {sha256}; it was discarded", canRetry: isResumed);
    }

    /// <summary>Makes the part file what the body of the answer continues; true when something was there.</summary>
    private bool Begin(HttpResponseMessage response, long from)
    {
        var headers = response.Content.Headers;
        var etag = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : "";
        var total = headers.ContentLength;
        if (response.StatusCode == HttpStatusCode.PartialContent && from > 0)
        {
            total = headers.ContentRange?.Length;
            var isContinued = headers.ContentRange?.From == from && (etag.Length == 0 || part.ETag.Length == 0 || part.Address != mirror.AbsoluteUri || etag == part.ETag);
            if (!isContinued)
                throw Anew("answered with another part of the file than was asked for");
        }
        else if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && from > 0)
            throw Anew("has no such part of the file");
        else if (response.StatusCode != HttpStatusCode.OK)
            throw MirrorResponse.Fault(response, options.Time);
        else
            from = 0;

        var kind = headers.ContentType?.MediaType == "text/html" ? "a web page" : "a file";
        if (total is { } offered && offered != (entry.Bytes ?? offered))
            throw new MirrorFault(string.Create(CultureInfo.InvariantCulture, $"offers {kind} of {offered} bytes, expected {entry.Bytes}"), canRetry: false);
        if (total > options.MaxBytes && entry.Bytes is null)
            throw new MirrorFault(string.Create(CultureInfo.InvariantCulture, $"offers {kind} of {total} bytes; {options.MaxBytes} are the limit"), canRetry: false);
        if (kind == "a web page")
            throw new MirrorFault("offers a web page, not the file", canRetry: false);
        if (from == 0)
            part.Restart(mirror.AbsoluteUri, etag);
        _total = entry.Bytes ?? total;
        return from > 0;

        MirrorFault Anew(string reason)
        {
            part.Restart("", "");
            return new MirrorFault(reason, canRetry: true);
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, CancellationTokenSource stall, CancellationToken cancellation)
    {
        var limit = _total ?? options.MaxBytes;
        var activity = $"downloading from {mirror.Host}";
        var received = part.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            progress?.Report(new FetchProgress(activity, received, _total));
            while (true)
            {
                stall.CancelAfter(options.StallTimeout);
                var count = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                if (count == 0)
                    break;
                if (received + count > limit)
                    throw TooLong(limit);
                part.Append(buffer.AsSpan(0, count));
                received += count;
                progress?.Report(new FetchProgress(activity, received, _total));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (received < _total)
            throw new MirrorFault(string.Create(CultureInfo.InvariantCulture, $"ended after {received} of {_total} bytes"), canRetry: true);
    }

    private MirrorFault TooLong(long limit)
    {
        part.Restart("", "");
        return new MirrorFault(string.Create(CultureInfo.InvariantCulture, $"sent more than the expected {limit} bytes; they were discarded"), canRetry: false);
    }
}
