using Microsoft.Data.Sqlite;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// The open database of a cache: one connection that looks up, one that writes, each used by one thread at a time. Write-ahead logging lets
/// processes read while one writes; what was committed outlives a killed process.
/// </summary>
internal sealed class FeatureCacheFile : IDisposable
{
    /// <summary>"MLTf", which tells a cache of ours from any other SQLite file.</summary>
    public const int ApplicationId = 0x4d4c5466;

    /// <summary>The version of the tables below.</summary>
    public const int Version = 1;

    /// <summary>Seconds to wait for another process that writes.</summary>
    private const int BusySeconds = 10;

    // Uses are noted beside small rows: touching a row of features would rewrite a page each.
    private const string Tables =
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, run INTEGER NOT NULL);"
        + "CREATE TABLE contents (id INTEGER PRIMARY KEY, value BLOB NOT NULL);"
        + "CREATE TABLE birth (id TEXT NOT NULL)";

    // A value of another length is not read.
    private const string Lookup = "SELECT e.id, coalesce(e.run, 0), CASE length(c.value) WHEN $2 THEN c.value ELSE x'' END FROM entries e LEFT JOIN contents c ON c.id = e.id WHERE e.key = $1";

    private readonly Lock _finding = new();
    private readonly Lock _writing = new();
    private readonly SqliteConnection _reader;
    private readonly SqliteConnection _writer;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _verify;
    private readonly SqliteCommand _insertEntry;
    private readonly SqliteCommand _insertContents;
    private readonly SqliteCommand _touch;
    private readonly long _run;
    private readonly long _maxBytes;
    private bool _isDisposed;

    /// <summary>Opens a file that <see cref="Create"/> made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The bytes it may hold.</param>
    /// <exception cref="SqliteException">It cannot be opened, or is damaged or of another structure.</exception>
    public FeatureCacheFile(string path, long maxBytes)
    {
        _maxBytes = maxBytes;
        _reader = Connect(path, SqliteOpenMode.ReadWrite);
        _writer = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            if (Text(_reader, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid)") != Tables)
                throw Damage("its tables are not those of a feature cache");
            Birth = Text(_reader, "SELECT id FROM birth");
            _run = Number(_reader, "SELECT CAST(coalesce(max(run), 0) AS INTEGER) FROM entries") + 1;
        }
        catch
        {
            Dispose();
            throw;
        }
        _find = Prepare(_reader, Lookup);
        _verify = Prepare(_writer, Lookup);
        _insertEntry = Prepare(_writer, "INSERT INTO entries (key, run) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET run = excluded.run RETURNING id");
        _insertContents = Prepare(_writer, "INSERT OR REPLACE INTO contents (id, value) VALUES ($1, $2)");
        _touch = Prepare(_writer, "UPDATE entries SET run = $2 WHERE id = $1");
    }

    /// <summary>What tells this file from one that took its place.</summary>
    public string Birth { get; }

    /// <summary>The file contradicts itself, rather than the place refusing to serve.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    /// <summary>Writes an empty cache to a file that does not exist, complete and closed.</summary>
    public static void Create(string path)
    {
        using var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        // Before the first table, where alone this takes effect: lets the file shrink.
        Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        Execute(connection, $"PRAGMA user_version = {Version}");
        Execute(connection, $"{Tables}; INSERT INTO birth VALUES ('{Guid.NewGuid():N}')");
    }

    /// <summary>The value under a key, empty when it has another length than it should; null when there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="length">The length of the value.</param>
    /// <param name="stale">The number of the entry when this run had not used it.</param>
    public byte[]? Find(byte[] key, int length, out long? stale)
    {
        stale = null;
        lock (_finding)
        {
            if (_isDisposed)
                return null;
            using var row = Set(_find, null, key, length).ExecuteReader();
            if (!row.Read())
                return null;
            if (row.GetInt64(1) != _run)
                stale = row.GetInt64(0);
            return row.GetFieldValue<byte[]>(2);
        }
    }

    /// <summary>Adds entries, or replaces them, and notes which ones were used, all or nothing; then makes room.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="used">The numbers of entries found.</param>
    /// <param name="isSuspect">An entry was wrong: all of the file is read before anything is built on it, a matter of seconds for gigabytes.</param>
    /// <exception cref="SqliteException">The file takes no more, or shows damage.</exception>
    public void Write(IReadOnlyList<(byte[] Key, byte[] Value)> entries, IReadOnlyList<long> used, bool isSuspect)
    {
        lock (_writing)
        {
            if (_isDisposed)
                return;
            if (isSuspect && Text(_writer, "PRAGMA integrity_check(1)") != "ok")
                throw Damage("its pages contradict each other");
            using (var transaction = _writer.BeginTransaction(deferred: false))
            {
                foreach (var (key, value) in entries)
                    Set(_insertContents, transaction, Set(_insertEntry, transaction, key, _run).ExecuteScalar()!, value).ExecuteNonQuery();
                foreach (var id in used)
                    Set(_touch, transaction, id, _run).ExecuteNonQuery();
                Verify(transaction, entries);
                MakeRoom();
                transaction.Commit();
            }
            // Deleting leaves empty pages, which are used again; the file shrinks only when the limit was lowered.
            if (Pages("page_count") > _maxBytes)
                Execute(_writer, "PRAGMA incremental_vacuum");
        }
    }

    public void Dispose()
    {
        lock (_finding)
            lock (_writing)
            {
                _isDisposed = true;
                _reader.Dispose();
                _writer.Dispose();
            }
    }

    /// <summary>
    /// Pages that two tables share after damage are no error to SQLite: it would write one entry over the other, run after run. What was
    /// written must be there.
    /// </summary>
    private void Verify(SqliteTransaction transaction, IReadOnlyList<(byte[] Key, byte[] Value)> entries)
    {
        foreach (var (key, value) in entries)
        {
            using var row = Set(_verify, transaction, key, value.Length).ExecuteReader();
            if (!row.Read() || !row.GetFieldValue<byte[]>(2).AsSpan().SequenceEqual(value))
                throw Damage("what was written is not there");
        }
    }

    private static SqliteException Damage(string how) => new(how, SQLitePCL.raw.SQLITE_CORRUPT);

    /// <summary>Deletes the entries that no run has used for longest, a tenth of the limit more than needed so that it is seldom done.</summary>
    private void MakeRoom()
    {
        var used = Pages("page_count") - Pages("freelist_count");
        if (used <= _maxBytes)
            return;
        var surplus = (long)Math.Ceiling(Number(_writer, "SELECT count(*) FROM entries") * (1 - (.9 * _maxBytes / used)));
        var oldest = FormattableString.Invariant($"WHERE id IN (SELECT id FROM entries ORDER BY run, id LIMIT {surplus})");
        Execute(_writer, $"DELETE FROM contents {oldest}; DELETE FROM entries {oldest}");
    }

    private long Pages(string count) => Number(_writer, $"PRAGMA {count}") * Number(_writer, "PRAGMA page_size");

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            // Safe with write-ahead logging: a power cut may lose the last entries, never the file.
            Execute(connection, "PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; sql.Contains(FormattableString.Invariant($"${i}")); i++)
            command.Parameters.Add(new SqliteParameter(FormattableString.Invariant($"${i}"), null));
        return command;
    }

    private static SqliteCommand Set(SqliteCommand command, SqliteTransaction? transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    // A command of its own that is made inside a transaction belongs to it.
    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql);
        command.ExecuteNonQuery();
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql);
        return command.ExecuteScalar() as string ?? "";
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = Prepare(connection, sql);
        return (long)command.ExecuteScalar()!;
    }
}
