using Microsoft.Data.Sqlite;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

/// <summary>Whatever lies in the place of the cache: it is believed where it is right to the bit, and nothing of a user's is lost.</summary>
public sealed class FeatureCacheDamageTests : IDisposable
{
    private const int Entries = 150;
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string File => Path.Combine(_folder.Path, "features.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flip")]
    [InlineData("block")]
    [InlineData("truncate")]
    [InlineData("move")]
    public void TryFind_FileDamagedAnywhere_GivesRightBitsOrMissesAndHeals(string kind)
    {
        using (var cache = Open())
            CacheEntries.Fill(cache, Enumerable.Range(0, Entries));
        var sound = System.IO.File.ReadAllBytes(File);
        var random = new Random(kind.Length);
        var losses = 0;
        for (var trial = 0; trial < 6; trial++)
        {
            var bytes = (byte[])sound.Clone();
            // The first pages, where the structure is, every other time.
            var at = random.Next(trial % 2 == 0 ? 8192 : bytes.Length);
            var (from, to) = (random.Next(bytes.Length / 4096), random.Next(bytes.Length / 4096));
            switch (kind)
            {
                case "flip": bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case "block": random.NextBytes(bytes.AsSpan(at, Math.Min(512, bytes.Length - at))); break;
                case "truncate": bytes = bytes[..at]; break;
                case "move": bytes.AsSpan(4096 * from, 4096).CopyTo(bytes.AsSpan(4096 * to)); break;
            }
            System.IO.File.WriteAllBytes(File, bytes);
            using (var cache = Open())
            {
                var missing = Enumerable.Range(0, Entries).Except(CacheEntries.Held(cache, Enumerable.Range(0, Entries))).ToArray();
                losses += missing.Length;
                CacheEntries.Fill(cache, missing.Where(number => CacheEntries.Held(cache, [number]).Length == 0));
            }
            // At the latest the run after has a cache that holds everything again.
            using (var cache = Open())
                CacheEntries.Fill(cache, Enumerable.Range(0, Entries).Except(CacheEntries.Held(cache, Enumerable.Range(0, Entries))));
            using (var cache = Open())
                Assert.Equal(Entries, CacheEntries.Held(cache, Enumerable.Range(0, Entries)).Length);
        }
        Assert.NotEqual(0, losses);
    }

    [Fact]
    public void TryFind_DamagedWhileOpen_BeginsAnewAndSaysSoOnce()
    {
        using (var cache = Open())
            CacheEntries.Fill(cache, Enumerable.Range(0, Entries));
        using (var cache = Open())
        {
            Assert.Equal([0], CacheEntries.Held(cache, [0]));
            // All but the header, under the feet of the connection.
            using (var stream = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                stream.Position = 4096;
                stream.Write(new byte[stream.Length - 4096]);
            }
            Assert.NotEqual(Entries, CacheEntries.Held(cache, Enumerable.Range(0, Entries)).Length);
            Assert.Contains("is damaged", Assert.Single(_warnings));
            CacheEntries.Fill(cache, Enumerable.Range(Entries, Entries));
            Assert.Equal(Entries, CacheEntries.Held(cache, Enumerable.Range(Entries, Entries)).Length);
        }
        using var later = Open();
        Assert.Equal(Entries, CacheEntries.Held(later, Enumerable.Range(Entries, Entries)).Length);
        Assert.Single(_warnings);
    }

    [Fact]
    public void TryFind_ForeignFile_IsKeptUnderAnotherName()
    {
        byte[] text = [.. "my only copy of a thesis, longer than the header of a database, of course, as theses are: "u8, .. new byte[100]];
        for (var number = 1; number <= 2; number++)
        {
            System.IO.File.WriteAllBytes(File, text);
            using (var cache = Open())
                CacheEntries.Fill(cache, [number]);
            Assert.Equal(text, System.IO.File.ReadAllBytes($"{File}.aside-{number}"));
            Assert.Contains($"aside-{number}", _warnings[^1]);
            Assert.Equal(number, _warnings.Count);
        }
    }

    [Fact]
    public void TryFind_ForeignDatabase_IsKeptWithAllItHolds()
    {
        using (var foreign = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            foreign.Open();
            Execute(foreign, "CREATE TABLE entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, run INTEGER NOT NULL); INSERT INTO entries VALUES (7, x'01', 1)");
        }
        using (var cache = Open())
            CacheEntries.Fill(cache, [1]);
        using var kept = new SqliteConnection($"Data Source={File}.aside-1;Pooling=False;Mode=ReadOnly");
        kept.Open();
        Assert.Equal(7L, Execute(kept, "SELECT id FROM entries"));
        Assert.Single(_warnings);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 2", "version 2")]
    [InlineData("DROP TABLE contents", "damaged")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM contents; END", "damaged")]
    public void TryFind_CacheOfAnotherKind_BeginsAnew(string change, string warning)
    {
        using (var cache = Open())
            CacheEntries.Fill(cache, [1]);
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            Execute(connection, change);
        }
        using (var cache = Open())
            CacheEntries.Fill(cache, [1]);
        Assert.Contains(warning, Assert.Single(_warnings));
        using var later = Open();
        Assert.Equal([1], CacheEntries.Held(later, [1]));
        Assert.Single(_warnings);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*aside*"));
    }

    [Fact]
    public void TryFind_JournalWithoutItsDatabase_IsNotTakenForThatOfTheNext()
    {
        using (var cache = Open())
        {
            CacheEntries.Fill(cache, [1]);
            System.IO.File.Copy(File + "-wal", File + "-kept");
        }
        System.IO.File.Delete(File);
        System.IO.File.Move(File + "-kept", File + "-wal");
        using var next = Open();
        CacheEntries.Fill(next, [1, 2]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void TryFind_PlaceTakesNoFile_WarnsOnceAndMissesAlways()
    {
        var file = _folder.File("file");
        System.IO.File.WriteAllText(file, "");
        using var cache = new FeatureCache(Path.Combine(file, "below"), _warnings.Add);
        CacheEntries.Fill(cache, [1, 2]);
        CacheEntries.Fill(cache, [1, 2]);
        Assert.Contains("cannot be opened", Assert.Single(_warnings));
        Assert.Equal((0, 4), (cache.Found, cache.Added));
    }

    [Fact]
    public void TryFind_FolderInItsPlace_WarnsAndLeavesIt()
    {
        System.IO.File.WriteAllText(_folder.File("features.db", "inside"), "x");
        using (var cache = Open())
            CacheEntries.Fill(cache, [1]);
        Assert.Single(_warnings);
        Assert.Equal("x", System.IO.File.ReadAllText(_folder.File("features.db", "inside")));
    }

    private FeatureCache Open() => new(_folder.Path, _warnings.Add);

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
