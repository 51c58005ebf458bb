using System.Net;
using System.Security.Cryptography;
using MLNetTransfer.Backbones.Catalog;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones.Catalog;

/// <summary>A file to fetch, a cache folder to fetch it to, and impatience.</summary>
internal sealed class Fetching : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The file that the mirrors should have.</summary>
    public byte[] File { get; } = Bytes(300_000, 1);

    public string Folder => Path.Combine(_folder.Path, "cache");

    public string Target => Path.Combine(Folder, "backbones", "net.onnx");

    public string Part => Target + ".part";

    public List<FetchProgress> Progress { get; } = [];

    /// <summary>What the cache holds besides the empty lock.</summary>
    public IEnumerable<string> Cached => Directory.EnumerateFiles(Path.Combine(Folder, "backbones")).Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".lock")).Order(StringComparer.Ordinal);

    /// <summary>Straight to the server, whatever proxy this machine has; attempts follow at once.</summary>
    public static FetchOptions Options(params Uri[] mirrors) => new() { Mirrors = mirrors, Proxy = new WebProxy(), RetryDelay = TimeSpan.Zero };

    public static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public CatalogEntry Entry(params Uri[] mirrors) => Entry(Hash(File), File.Length, mirrors);

    public CatalogEntry Entry(Uri[] mirrors, string file) => Entry(Hash(File), File.Length, mirrors, file);

    public static CatalogEntry Entry(string? sha256, long? bytes, params Uri[] mirrors) => Entry(sha256, bytes, mirrors, "net.onnx");

    private static CatalogEntry Entry(string? sha256, long? bytes, Uri[] mirrors, string file) => new()
    {
        Name = "net",
        Title = "Net",
        Format = BackboneFormat.Onnx,
        File = file,
        Bytes = bytes,
        Sha256 = sha256,
        Licence = "MIT",
        Mirrors = [.. mirrors.Select(mirror => mirror.ToString())],
        Input = "image",
        Features = 6,
        Preprocessing = new Preprocessing { Side = 8 },
        Source = "test",
    };

    public Task<FetchedBackbone> RunAsync(CatalogEntry entry, FetchOptions? options = null, CancellationToken cancellation = default) =>
        BackboneFetcher.FetchAsync(entry, Folder, options ?? Options(), new Recorder(Progress), cancellation);

    public Task<FetchedBackbone> RunAsync(MirrorServer server) => RunAsync(Entry(server.Address));

    /// <summary>Fetches what cannot be fetched.</summary>
    public async Task<BackboneFetchException> FailAsync(CatalogEntry entry, FetchOptions? options = null)
    {
        var fault = await Assert.ThrowsAsync<BackboneFetchException>(() => RunAsync(entry, options));
        Assert.False(System.IO.File.Exists(Target));
        return fault;
    }

    public async Task<string> FailAsync(MirrorServer server, FetchOptions? options = null) =>
        Assert.Single((await FailAsync(Entry(server.Address), options)).Failures).Reason;

    /// <summary>The file is in place, whole, and nothing else is.</summary>
    public void AssertFetched(FetchedBackbone fetched)
    {
        Assert.Equal((Target, File.Length, Hash(File)), (fetched.Path, fetched.Bytes, fetched.Sha256));
        Assert.Equal(File, System.IO.File.ReadAllBytes(Target));
        Assert.Equal(["net.onnx"], Cached);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Recorder(List<FetchProgress> reports) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            lock (reports)
                reports.Add(value);
        }
    }
}
