using Microsoft.Data.Sqlite;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string File => Path.Combine(_folder.Path, "features.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryFind_WhatWasAdded_HasTheSameBitsNowAndLater()
    {
        using (var cache = Open())
        {
            CacheEntries.Fill(cache, Enumerable.Range(0, 100));
            Assert.Equal(Enumerable.Range(0, 100), CacheEntries.Held(cache, Enumerable.Range(0, 200)));
            Assert.Equal((100, 100), (cache.Found, cache.Added));
        }
        using var later = Open();
        Assert.Equal(Enumerable.Range(0, 100), CacheEntries.Held(later, Enumerable.Range(0, 200)));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Dispose_WithoutFlush_LosesNothing()
    {
        using (var cache = Open())
        {
            Assert.False(cache.TryFind(CacheEntries.Key(1), new float[CacheEntries.Features], out _));
            cache.Add(CacheEntries.Key(1), CacheEntries.Hashes(1), CacheEntries.Values(1), CancellationToken.None);
        }
        using var later = Open();
        Assert.Equal([1], CacheEntries.Held(later, [1]));
        Assert.Equal(["features.db", "features.db-shm", "features.db-wal", "features.db.lock"], Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Constructor_NothingLookedUp_TouchesNothing()
    {
        using (new FeatureCache(Path.Combine(_folder.Path, "deep", "er"), _warnings.Add))
        {
        }
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Contains("received 1000", Assert.Throws<TransferException>(() => new FeatureCache(_folder.Path, _warnings.Add, 1000)).Message);
    }

    [Fact]
    public void TryFind_AnyBitOfTheKeyFlipped_IsAMiss()
    {
        using var cache = Open();
        CacheEntries.Fill(cache, [1]);
        for (var bit = 0; bit < 8 * CachedFeatures.KeyLength; bit++)
        {
            var key = CacheEntries.Key(1);
            key[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(cache.TryFind(key, new float[CacheEntries.Features], out _));
        }
        Assert.False(cache.TryFind(CacheEntries.Key(1), new float[CacheEntries.Features - 1], out _));
        Assert.Equal([1], CacheEntries.Held(cache, [1]));
    }

    [Fact]
    public void TryDecode_AnyBitOfKeyOrValueFlipped_IsRefused()
    {
        var (key, features) = (CacheEntries.Key(1), new float[CacheEntries.Features]);
        var value = CachedFeatures.Encode(key, CacheEntries.Hashes(1), CacheEntries.Values(1));
        Assert.True(CachedFeatures.TryDecode(key, value, features, out _));
        foreach (var bytes in (byte[][])[key, value])
            for (var bit = 0; bit < 8 * bytes.Length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(CachedFeatures.TryDecode(key, value, features, out _));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
    }

    [Theory]
    [InlineData("UPDATE contents SET value = zeroblob(length(value)) WHERE id = 3")]
    [InlineData("UPDATE contents SET value = x'00' WHERE id = 3")]
    [InlineData("UPDATE contents SET value = 'text' WHERE id = 3")]
    [InlineData("UPDATE contents SET value = (SELECT value FROM contents WHERE id = 4) WHERE id = 3")]
    [InlineData("DELETE FROM contents WHERE id = 3")]
    public void TryFind_WrongContents_IsAMissAndIsRewritten(string damage)
    {
        using (var cache = Open())
            CacheEntries.Fill(cache, Enumerable.Range(1, 5));
        Execute(damage);
        using (var cache = Open())
        {
            Assert.Equal([1, 2, 4, 5], CacheEntries.Held(cache, Enumerable.Range(1, 5)));
            CacheEntries.Fill(cache, [3]);
        }
        using var later = Open();
        Assert.Equal(Enumerable.Range(1, 5), CacheEntries.Held(later, Enumerable.Range(1, 5)));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Add_FromManyThreadsAndTwoObjects_HoldsEverything()
    {
        using FeatureCache one = Open(), two = Open();
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var cache = number % 2 == 0 ? one : two;
            Assert.Empty(CacheEntries.Held(cache, [number]));
            cache.Add(CacheEntries.Key(number), CacheEntries.Hashes(number), CacheEntries.Values(number), CancellationToken.None);
        });
        one.Flush(CancellationToken.None);
        two.Flush(CancellationToken.None);
        Assert.Equal(400, CacheEntries.Held(one, Enumerable.Range(0, 400)).Length);
        Assert.Equal(400, CacheEntries.Held(two, Enumerable.Range(0, 400)).Length);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Add_MoreThanTheLimit_DropsWhatNoRunHasUsedForLongest()
    {
        const int Large = 4096;
        var first = Enumerable.Range(0, 20).ToArray();
        using (var cache = Open(1 << 20))
            CacheEntries.Fill(cache, Enumerable.Range(0, 40), Large);
        for (var run = 1; run <= 5; run++)
            using (var cache = Open(1 << 20))
            {
                Assert.Equal(first, CacheEntries.Held(cache, first, Large));
                CacheEntries.Fill(cache, Enumerable.Range(100 * run, 20), Large);
            }
        using var last = Open(1 << 20);
        Assert.Equal(first, CacheEntries.Held(last, first, Large));
        Assert.Empty(CacheEntries.Held(last, Enumerable.Range(20, 20), Large));
        Assert.Equal(Enumerable.Range(500, 20), CacheEntries.Held(last, Enumerable.Range(500, 20), Large));
        Assert.InRange(new FileInfo(File).Length, 1, (1 << 20) + (40 * Large * sizeof(float)));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Add_UnderALowerLimit_ShrinksTheFile()
    {
        using (var cache = Open())
            CacheEntries.Fill(cache, Enumerable.Range(0, 300), 4096);
        Assert.InRange(new FileInfo(File).Length, 300 * 4096 * sizeof(float), long.MaxValue);
        using (var cache = Open(1 << 20))
            CacheEntries.Fill(cache, [1000], 4096);
        Assert.InRange(new FileInfo(File).Length, 1, 1 << 20);
        using var last = Open();
        Assert.Equal([299, 1000], CacheEntries.Held(last, [0, 299, 1000], 4096));
    }

    private FeatureCache Open(long maxBytes = FeatureCache.DefaultMaxBytes) => new(_folder.Path, _warnings.Add, maxBytes);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
