using System.Net;
using MLNetTransfer.Backbones.Catalog;
using static MLNetTransfer.Tests.Backbones.Catalog.MirrorServer;

namespace MLNetTransfer.Tests.Backbones.Catalog;

/// <summary>Where a mirror may send us.</summary>
public sealed class MirrorResponseTests : IDisposable
{
    private readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task Ask_ARedirect_IsFollowedWithTheRange(string status)
    {
        using var server = new MirrorServer(
            _ => new Reply(status, []).With("Location", "elsewhere/net.onnx"),
            _ => Reply.Ok(_fetching.File) with { Sent = 100_000 },
            _ => new Reply(status, []).With("Location", "/elsewhere/net.onnx"),
            request => Reply.Rest(_fetching.File, request.From));
        var fetched = await _fetching.RunAsync(server);
        _fetching.AssertFetched(fetched);
        Assert.Equal(server.Address, fetched.Mirror);
        Assert.Equal(["GET /net.onnx HTTP/1.1", "GET /elsewhere/net.onnx HTTP/1.1"], server.Requests.Select(request => request.Line).Distinct());
        Assert.Equal([0, 0, 100_000, 100_000], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Ask_ALoop_EndsAfterTheRedirectsAllowed()
    {
        using var server = new MirrorServer(_ => Reply.Redirect("/net.onnx"));
        Assert.Equal("redirected more than 5 times", await _fetching.FailAsync(server));
        Assert.Equal(6, server.Requests.Length);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/net.onnx", "is no web address")]
    [InlineData("file:///etc/hostname", "is no web address")]
    public async Task Ask_ARedirectOutOfTheWeb_IsRefused(string location, string reason)
    {
        using var server = new MirrorServer(_ => Reply.Redirect(location));
        Assert.Contains(reason, await _fetching.FailAsync(server));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Ask_ARedirectWithoutAnAddress_IsRefused()
    {
        using var server = new MirrorServer(_ => Reply.Error("302 Found"));
        Assert.Equal("answered 302 Found without an address", await _fetching.FailAsync(server));
    }

    [Fact]
    public async Task Ask_ARedirectFromHttpsToHttp_IsRefused()
    {
        using var plain = new MirrorServer(_ => Reply.Ok(_fetching.File));
        using var handler = new Handler(request => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = plain.Address } });
        var fault = await _fetching.FailAsync(_fetching.Entry(new Uri("https://models.invalid/net.onnx")), new FetchOptions { Handler = handler });
        Assert.Equal($"redirected from https to http ({plain.Address})", Assert.Single(fault.Failures).Reason);
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task Ask_AHandlerThatFollowsRedirects_IsRefused()
    {
        using var server = new MirrorServer(_ => Reply.Redirect("/elsewhere"), _ => Reply.Ok(_fetching.File));
        using var handler = new SocketsHttpHandler { UseProxy = false };
        Assert.Contains("by the handler itself", await _fetching.FailAsync(server, new FetchOptions { Handler = handler }));
    }

    [Fact]
    public async Task Ask_AReasonWithControlCharacters_DoesNotReachTheTerminal()
    {
        using var handler = new Handler(_ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("ftp://a/\u001b[2J", UriKind.Absolute) } });
        var fault = await _fetching.FailAsync(_fetching.Entry(new Uri("https://models.invalid/net.onnx")), new FetchOptions { Handler = handler });
        Assert.DoesNotContain(Assert.Single(fault.Failures).Reason, char.IsControl);
    }

    internal sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
