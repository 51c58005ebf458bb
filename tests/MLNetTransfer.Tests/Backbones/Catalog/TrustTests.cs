using System.Net;
using MLNetTransfer.Backbones.Catalog;
using static MLNetTransfer.Tests.Backbones.Catalog.MirrorServer;

namespace MLNetTransfer.Tests.Backbones.Catalog;

/// <summary>Files whose SHA-256 nobody publishes.</summary>
public sealed class TrustTests : IDisposable
{
    private static readonly Uri Secure = new("https://models.invalid/net.onnx");
    private readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    [Fact]
    public async Task Fetch_WithoutASha256_AsksForOneAndDownloadsNothing()
    {
        using var server = new MirrorServer(_ => Reply.Ok(_fetching.File));
        var fault = await Assert.ThrowsAsync<TransferException>(() => _fetching.RunAsync(Fetching.Entry(null, null, server.Address)));
        Assert.Contains("--sha256", fault.Message);
        Assert.Contains("--trust-first-download", fault.Message);
        Assert.Empty(server.Requests);
        Assert.False(Directory.Exists(_fetching.Folder));
    }

    [Fact]
    public async Task Fetch_WithTheUsersSha256_VerifiesItNowAndLater()
    {
        using var server = new MirrorServer(_ => Reply.Ok(_fetching.File));
        var entry = Fetching.Entry(null, null, server.Address);
        var options = new FetchOptions { Proxy = new WebProxy(), Sha256 = Fetching.Hash(_fetching.File).ToUpperInvariant() };
        var fetched = await _fetching.RunAsync(entry, options);
        Assert.Equal(Fetching.Hash(_fetching.File), fetched.Sha256);
        Assert.Equal(_fetching.File, new CachedFile(entry, _fetching.Folder).ReadVerified());
        // What was stated once needs no stating again.
        Assert.Null((await _fetching.RunAsync(entry)).Mirror);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fetch_WithAnotherSha256_Fails()
    {
        using var server = new MirrorServer(_ => Reply.Ok(_fetching.File));
        var options = new FetchOptions { Proxy = new WebProxy(), Sha256 = new string('0', 64) };
        var fault = await _fetching.FailAsync(Fetching.Entry(null, null, server.Address), options);
        Assert.Contains(Fetching.Hash(_fetching.File), Assert.Single(fault.Failures).Reason);
    }

    [Fact]
    public async Task Fetch_TrustingTheFirstDownload_IsHeldToIt()
    {
        using var handler = Serving(_fetching.File);
        var entry = Fetching.Entry(null, null, Secure);
        await _fetching.RunAsync(entry, new FetchOptions { Handler = handler, TrustFirstDownload = true });
        File.Delete(_fetching.Target);

        using var forger = Serving(Fetching.Bytes(300_000, 2));
        var fault = await _fetching.FailAsync(entry, new FetchOptions { Handler = forger, TrustFirstDownload = true });
        Assert.Contains($"expected {Fetching.Hash(_fetching.File)}", Assert.Single(fault.Failures).Reason);
    }

    [Fact]
    public async Task Fetch_TrustingTheFirstDownloadOverHttp_IsRefused()
    {
        using var server = new MirrorServer(_ => Reply.Ok(_fetching.File));
        var options = new FetchOptions { Proxy = new WebProxy(), TrustFirstDownload = true };
        Assert.Contains("https", Assert.Single((await _fetching.FailAsync(Fetching.Entry(null, null, server.Address), options)).Failures).Reason);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Fetch_AWebPageOfAnyLength_IsNotTrusted()
    {
        using var handler = new MirrorResponseTests.Handler(_ => new HttpResponseMessage { Content = new StringContent("<html/>", null, "text/html") });
        var fault = await _fetching.FailAsync(Fetching.Entry(null, null, Secure), new FetchOptions { Handler = handler, TrustFirstDownload = true });
        Assert.Equal("offers a web page, not the file", Assert.Single(fault.Failures).Reason);
    }

    [Fact]
    public async Task Fetch_AFileOfUnknownLengthBeyondTheLimit_IsRefused()
    {
        using var handler = Serving(_fetching.File);
        var options = new FetchOptions { Handler = handler, TrustFirstDownload = true, MaxBytes = 1000 };
        Assert.Contains("1000 are the limit", Assert.Single((await _fetching.FailAsync(Fetching.Entry(null, null, Secure), options)).Failures).Reason);
    }

    [Fact]
    public async Task Fetch_AFileThatLiesThereAlready_IsTrustedWhenAskedTo()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_fetching.Target)!);
        File.WriteAllBytes(_fetching.Target, _fetching.File);
        var entry = Fetching.Entry(null, null, Secure);
        Assert.Throws<TransferException>(() => new CachedFile(entry, _fetching.Folder).ReadVerified());
        Assert.Null((await _fetching.RunAsync(entry, new FetchOptions { TrustFirstDownload = true })).Mirror);
        Assert.Equal(_fetching.File, new CachedFile(entry, _fetching.Folder).ReadVerified());
    }

    [Theory]
    [InlineData("abc", "64 hexadecimal digits")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "The SHA-256 of net is")]
    public async Task Fetch_ASha256AgainstTheCatalog_IsRefused(string sha256, string message)
    {
        var fault = await Assert.ThrowsAsync<TransferException>(() => _fetching.RunAsync(_fetching.Entry(Secure), new FetchOptions { Sha256 = sha256 }));
        Assert.Contains(message, fault.Message);
    }

    private static MirrorResponseTests.Handler Serving(byte[] file) => new(_ => new HttpResponseMessage { Content = new ByteArrayContent(file) });
}
