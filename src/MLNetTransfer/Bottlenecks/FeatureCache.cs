using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Features on disk, so that none is computed twice. They are found by what decides their bits and nothing else: the bytes of the image file, the
/// network up to the cut, its preprocessing, the versions of the decoder and of ONNX Runtime, and the kind of processor; a file's name or date
/// says nothing. Every entry carries a checksum over its key and contents, and what does not match
/// is computed and written again. One file, an SQLite database on a local disk, is shared by any number of threads and processes; one that is
/// killed leaves a cache that can be used. A cache that cannot be used costs time, never a result: the warning says why, once, and the work goes on.
/// </summary>
public sealed class FeatureCache : IDisposable
{
    /// <summary>The bytes a cache holds unless told otherwise: 2 GiB, some 400,000 images with 1,280 features.</summary>
    public const long DefaultMaxBytes = 2L << 30;

    private const long LeastMaxBytes = 1 << 20;

    // What a killed process loses at most, and what waits in memory while another process writes.
    private const int BatchSize = 32;
    private const int QueueSize = 256;

    private readonly Action<string> _warn;
    private readonly FeatureCacheLocation _location;
    private readonly Lock _gate = new();
    private readonly BlockingCollection<Pending> _pending = new(QueueSize);
    private readonly ConcurrentQueue<long> _used = [];
    private FeatureCacheFile? _file;
    private Thread? _writing;
    private bool _isOpened;
    private bool _isReopened;
    private volatile bool _isSuspect;
    private volatile bool _takesMore = true;
    private long _found;
    private long _added;

    /// <summary>Names the place of a cache. Nothing is read or written before the first image is looked up.</summary>
    /// <param name="folder">The folder of the file features.db; made when it is missing.</param>
    /// <param name="warn">Told, in a sentence or two, when the cache was damaged or cannot be used; called from any thread.</param>
    /// <param name="maxBytes">The bytes the file may hold, 1 MiB or more; beyond, the entries that no run has used for longest go.</param>
    /// <exception cref="TransferException">The number of bytes is less than 1 MiB.</exception>
    public FeatureCache(string folder, Action<string> warn, long maxBytes = DefaultMaxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(warn);
        if (maxBytes < LeastMaxBytes)
            throw new TransferException($"A feature cache may hold {LeastMaxBytes} bytes (1 MiB) or more; received {maxBytes}. Raise the limit, or use no cache.");
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), "features.db");
        _warn = warn;
        _location = new FeatureCacheLocation(Path, maxBytes, warn);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many images' features this object has found in the cache.</summary>
    public long Found => Interlocked.Read(ref _found);

    /// <summary>How many images' features this object was given because the cache did not hold them.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>Looks an image up.</summary>
    internal bool TryFind(byte[] key, Span<float> features, out (ulong Rows, ulong Columns) perceptual)
    {
        perceptual = default;
        var length = CachedFeatures.LengthOf(features.Length);
        var (value, stale) = Use(file => (file.Find(key, length, out var stale), stale));
        if (value is null)
            return false;
        if (!CachedFeatures.TryDecode(key, value, features, out perceptual))
        {
            _isSuspect = true;
            return false;
        }
        if (stale is { } id)
            _used.Enqueue(id);
        Interlocked.Increment(ref _found);
        return true;
    }

    /// <summary>Takes what was computed for an image that was looked up in vain; a thread of its own writes it soon.</summary>
    internal void Add(byte[] key, (ulong Rows, ulong Columns) perceptual, ReadOnlySpan<float> features, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _added);
        if (_takesMore)
            _pending.Add(new Pending(key, CachedFeatures.Encode(key, perceptual, features), null), cancellation);
    }

    /// <summary>Waits until all that was taken is written.</summary>
    internal void Flush(CancellationToken cancellation)
    {
        if (!_takesMore || _writing is null)
            return;
        var written = new TaskCompletionSource();
        _pending.Add(new Pending([], [], written), cancellation);
        written.Task.Wait(cancellation);
    }

    /// <summary>Writes what is left and closes the file. No extraction may be running, nor begin.</summary>
    public void Dispose()
    {
        if (_pending.IsAddingCompleted)
            return;
        _pending.CompleteAdding();
        _writing?.Join();
        _file?.Dispose();
    }

    private void WriteInBatches()
    {
        var batch = new List<(byte[] Key, byte[] Value)>(BatchSize);
        foreach (var item in _pending.GetConsumingEnumerable())
        {
            if (item.Written is null)
                batch.Add((item.Key, item.Value));
            if (item.Written is not null || batch.Count == BatchSize)
                Write(batch);
            item.Written?.SetResult();
        }
        Write(batch);
    }

    private void Write(List<(byte[] Key, byte[] Value)> batch)
    {
        var used = new List<long>();
        while (_used.TryDequeue(out var id))
            used.Add(id);
        if (_takesMore && batch.Count + used.Count > 0)
            Use(file => WriteOrStop(file, batch, used));
        batch.Clear();
    }

    /// <summary>What is there can still be read when the disk takes no more.</summary>
    private bool WriteOrStop(FeatureCacheFile file, List<(byte[] Key, byte[] Value)> batch, List<long> used)
    {
        try
        {
            file.Write(batch, used, _isSuspect);
            _isSuspect = false;
        }
        catch (SqliteException error) when (!FeatureCacheFile.IsDamage(error))
        {
            Stop(error, "written");
        }
        return _takesMore;
    }

    /// <summary>Works with the file. One that shows damage is replaced, once; any other failure ends its use.</summary>
    private T? Use<T>(Func<FeatureCacheFile, T> work)
    {
        while (Current() is { } file)
            try
            {
                return work(file);
            }
            catch (SqliteException error)
            {
                Recover(file, error);
            }
        return default;
    }

    private FeatureCacheFile? Current()
    {
        lock (_gate)
        {
            if (_isOpened)
                return _file;
            _isOpened = true;
            _file = TryOpen(_location.Open);
            if (_file is not null)
            {
                _writing = new Thread(WriteInBatches) { IsBackground = true, Name = nameof(FeatureCache) };
                _writing.Start();
            }
            return _file;
        }
    }

    private void Recover(FeatureCacheFile file, SqliteException error)
    {
        lock (_gate)
        {
            if (_file != file)
                return; // another thread was quicker
            file.Dispose();
            _file = null;
            if (_isReopened || !FeatureCacheFile.IsDamage(error))
            {
                Stop(error, "read");
                return;
            }
            _isReopened = true;
            _file = TryOpen(() => _location.Reopen(file, error));
        }
    }

    private FeatureCacheFile? TryOpen(Func<FeatureCacheFile> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            Stop(error, "opened");
            return null;
        }
    }

    private void Stop(Exception error, string what)
    {
        if (!_takesMore)
            return;
        _takesMore = false;
        _warn($"The feature cache '{Path}' cannot be {what}: {error.Message.TrimEnd('.')}. The work goes on without it; the next run computes these features again.");
    }

    /// <summary>What waits to be written: an entry, or somebody who waits for all before it.</summary>
    private readonly record struct Pending(byte[] Key, byte[] Value, TaskCompletionSource? Written);
}
