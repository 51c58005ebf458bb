using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// The place of a cache file. A cache comes into being under a temporary name and is moved into place complete, so that whatever else lies
/// there is damaged, of another version, or not ours. One process at a time looks and acts, under a lock file that stays.
/// </summary>
internal sealed class FeatureCacheLocation(string path, long maxBytes, Action<string> warn)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>Opens the cache; a new one when there is none, or none that can be believed.</summary>
    /// <exception cref="SqliteException">The place takes no database.</exception>
    /// <exception cref="IOException">The folder or a file in it cannot be made, moved or deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public FeatureCacheFile Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var only = Lock();
        return Existing(warn) ?? Renew();
    }

    /// <summary>Replaces a cache that showed damage while it was used, unless another process has done so meanwhile.</summary>
    public FeatureCacheFile Reopen(FeatureCacheFile damaged, SqliteException error)
    {
        warn($"The feature cache '{path}' is damaged ({error.Message.TrimEnd('.')}) and begins anew.");
        using var only = Lock();
        if (Existing(_ => { }) is { } file)
        {
            if (file.Birth != damaged.Birth)
                return file;
            file.Dispose();
        }
        return Renew();
    }

    private FeatureCacheFile? Existing(Action<string> say)
    {
        if (VersionOfOurs() is not { } version)
            return null;
        string fault;
        if (version != FeatureCacheFile.Version)
            fault = FormattableString.Invariant($"is of version {version}, not {FeatureCacheFile.Version},");
        else
            try
            {
                return new FeatureCacheFile(path, maxBytes);
            }
            catch (SqliteException error) when (FeatureCacheFile.IsDamage(error))
            {
                fault = $"is damaged ({error.Message.TrimEnd('.')})";
            }
        say($"The feature cache '{path}' {fault} and begins anew.");
        return null;
    }

    private FeatureCacheFile Renew()
    {
        if (VersionOfOurs() is null && new FileInfo(path) is { Exists: true, Length: > 0 })
            SetAside();
        // The database first: a journal left without one would be taken for that of the next.
        Delete("", "-wal", "-shm");
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            FeatureCacheFile.Create(temporary);
            File.Move(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
        return new FeatureCacheFile(path, maxBytes);
    }

    /// <summary>A user's file under our name is kept under another one.</summary>
    private void SetAside()
    {
        var number = 1;
        while (Path.Exists(AsideOf(number)))
            number++;
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            if (File.Exists(path + suffix))
                File.Move(path + suffix, AsideOf(number) + suffix);
        warn($"'{path}' was no feature cache; it is kept as '{AsideOf(number)}', and a new cache begins in its place.");
    }

    private string AsideOf(int number) => FormattableString.Invariant($"{path}.aside-{number}");

    private void Delete(params IEnumerable<string> suffixes)
    {
        foreach (var suffix in suffixes)
            File.Delete(path + suffix);
    }

    /// <summary>The version in the header of a cache of ours; null when there is no file, or the header is not that of a cache.</summary>
    private int? VersionOfOurs()
    {
        // https://www.sqlite.org/fileformat.html#the_database_header: user version at 60, application id at 68, big-endian.
        Span<byte> header = stackalloc byte[72];
        if (!File.Exists(path))
            return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.StartsWith("SQLite format 3\0"u8)
            && BinaryPrimitives.ReadInt32BigEndian(header[68..]) == FeatureCacheFile.ApplicationId
                ? BinaryPrimitives.ReadInt32BigEndian(header[60..])
                : null;
    }

    private FileStream Lock()
    {
        for (var started = Stopwatch.GetTimestamp(); ; Thread.Sleep(20))
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsSharing(error) && Stopwatch.GetElapsedTime(started) < LockPatience) { }
    }

    /// <summary>EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION of Windows: another process holds the lock.</summary>
    private static bool IsSharing(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
