namespace MLNetTransfer.Backbones.Catalog;

/// <summary>
/// The file that a download is written to until it is whole, and what is needed to go on with it: the address it comes from and the version
/// (ETag) that address had.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    public PartFile(string path)
    {
        _path = path;
        _stream = OnDisk(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        if (OnDisk(() => File.Exists(OriginPath) ? File.ReadAllLines(OriginPath) : []) is [var address, var tag])
            (Address, ETag) = (address, tag);
    }

    public long Length => OnDisk(() => _stream.Length);

    /// <summary>The mirror that sent what is here; empty when nobody knows.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The strong ETag it sent with it, with quotes; empty when there was none.</summary>
    public string ETag { get; private set; } = "";

    private string OriginPath => _path + ".from";

    /// <summary>Throws away what is here and starts anew.</summary>
    public void Restart(string address, string etag)
    {
        (Address, ETag) = (address, etag);
        OnDisk(() =>
        {
            _stream.SetLength(0);
            File.WriteAllText(OriginPath, $"{address}\n{etag}\n");
            return 0;
        });
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Seek(0, SeekOrigin.End);
            _stream.Write(bytes);
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            throw Unwritable(fault);
        }
    }

    public Task<string> HashAsync(CancellationToken cancellation) => CachedFile.HashAsync(_stream, cancellation);

    /// <summary>Gives the whole, verified file its name; nobody ever sees half of it.</summary>
    public void MoveTo(string path) => OnDisk(() =>
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_path, path, overwrite: true);
        File.Delete(OriginPath);
        return 0;
    });

    /// <summary>Keeps what was received for the next time; an empty file is no help and goes.</summary>
    public void Dispose()
    {
        var isEmpty = _stream is { CanSeek: true, Length: 0 };
        _stream.Dispose();
        if (!isEmpty)
            return;
        try
        {
            File.Delete(_path);
            File.Delete(OriginPath);
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            // Left behind it does no harm, and the fault that led here says more.
        }
    }

    /// <summary>Runs work on the disk; its faults are the cache folder's, not a mirror's.</summary>
    private T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (IsDiskFault(fault))
        {
            throw Unwritable(fault);
        }
    }

    private static bool IsDiskFault(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private TransferException Unwritable(Exception fault) =>
        new($"A download is written to the cache folder; '{_path}' could not be: {fault.Message} Make room or choose another cache folder.", fault);
}
