using System.Net;
using System.Text;
using MLNetTransfer.Backbones.Catalog;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.Catalog.MirrorServer;

namespace MLNetTransfer.Tests.Backbones.Catalog;

public sealed class BackboneFetcherTests : IDisposable
{
    private readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    private byte[] Whole => _fetching.File;

    [Fact]
    public async Task Fetch_AnHonestMirror_PutsTheFileInPlaceAndReportsEveryByte()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        var fetched = await _fetching.RunAsync(server);
        _fetching.AssertFetched(fetched);
        Assert.Equal(server.Address, fetched.Mirror);
        Assert.Empty(fetched.Failures);
        Assert.Equal(new FetchProgress("verifying", Whole.Length, Whole.Length), _fetching.Progress[^1]);
        Assert.Equal(_fetching.Progress.Select(report => report.Received).Order(), _fetching.Progress.Select(report => report.Received));
    }

    [Fact]
    public async Task Fetch_AFileInTheCache_IsVerifiedAndNotFetchedAgain()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        await _fetching.RunAsync(server);
        var again = await _fetching.RunAsync(server);
        _fetching.AssertFetched(again);
        Assert.Null(again.Mirror);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fetch_ADamagedFileInTheCache_IsReplaced()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        await _fetching.RunAsync(server);
        File.WriteAllBytes(_fetching.Target, Fetching.Bytes(Whole.Length, 2));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
        Assert.Equal(2, server.Requests.Length);
    }

    [Fact]
    public async Task Fetch_AConnectionThatBreaks_IsContinuedWhereItBrokeIfTheFileIsTheSame()
    {
        using var server = new MirrorServer(
            _ => (Reply.Ok(Whole) with { Sent = 100_000 }).With("ETag", "\"v1\""),
            request => Reply.Rest(Whole, request.From).With("ETag", "\"v1\""));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
        Assert.Equal(100_000, server.Requests[1].From);
        Assert.Equal("\"v1\"", server.Requests[1].Headers["If-Range"]);
    }

    [Fact]
    public async Task Fetch_ABrokenDownloadOfAnEarlierRun_IsContinued()
    {
        using (var server = new MirrorServer(_ => Reply.Ok(Whole) with { Sent = 100_000 }, _ => Reply.Error("404 Not Found")))
            await _fetching.FailAsync(server);
        Assert.Equal(["net.onnx.part", "net.onnx.part.from"], _fetching.Cached);
        using var other = new MirrorServer(request => Reply.Rest(Whole, request.From));
        _fetching.AssertFetched(await _fetching.RunAsync(other));
        Assert.Equal(100_000, Assert.Single(other.Requests).From);
        Assert.DoesNotContain("If-Range", other.Requests[0].Headers.Keys);
    }

    [Fact]
    public async Task Fetch_AMirrorThatIgnoresTheRange_IsTakenFromTheStart()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole) with { Sent = 100_000 }, _ => Reply.Ok(Whole));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
    }

    public static TheoryData<string, string> Contradictions => new()
    {
        { "bytes 50000-299999/300000", "\"v1\"" },
        { "bytes 100000-299999/300000", "\"v2\"" },
        { "bytes 0-299999/300000", "\"v1\"" },
        { "", "\"v1\"" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task Fetch_AnotherRangeOrVersionThanAskedFor_StartsAnew(string range, string etag)
    {
        using var server = new MirrorServer(
            _ => (Reply.Ok(Whole) with { Sent = 100_000 }).With("ETag", "\"v1\""),
            request =>
            {
                var reply = new Reply("206 Partial Content", Whole[request.From..]).With("ETag", etag);
                return range.Length > 0 ? reply.With("Content-Range", range) : reply;
            },
            request => request.From == 0 ? Reply.Ok(Whole) : Reply.Error("400 Bad Request"));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
        Assert.Equal([0, 100_000, 0], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Fetch_ARangeBeyondTheEnd_StartsAnew()
    {
        using var server = new MirrorServer(
            _ => Reply.Ok(Whole) with { Sent = 100_000 }, _ => Reply.Error("416 Range Not Satisfiable"), _ => Reply.Ok(Whole));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
        Assert.Equal([0, 100_000, 0], server.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Fetch_ALyingFirstMirror_DoesNotSpoilTheSecond()
    {
        var lie = Fetching.Bytes(Whole.Length, 2);
        using var first = new MirrorServer(_ => Reply.Ok(lie) with { Sent = 100_000 }, _ => Reply.Error("404 Not Found"));
        using var second = new MirrorServer(request => request.From > 0 ? Reply.Rest(Whole, request.From) : Reply.Ok(Whole));
        _fetching.AssertFetched(await _fetching.RunAsync(_fetching.Entry(first.Address, second.Address)));
        Assert.Equal([100_000, 0], second.Requests.Select(request => request.From));
    }

    [Fact]
    public async Task Fetch_WrongBytesOfTheRightLength_AreDiscardedAndTheNextMirrorAsked()
    {
        var lie = Fetching.Bytes(Whole.Length, 2);
        using var liar = new MirrorServer(_ => Reply.Ok(lie));
        using var honest = new MirrorServer(_ => Reply.Ok(Whole));
        var fetched = await _fetching.RunAsync(_fetching.Entry(liar.Address, honest.Address));
        _fetching.AssertFetched(fetched);
        var failure = Assert.Single(fetched.Failures);
        Assert.Equal(liar.Address, failure.Mirror);
        Assert.Contains(Fetching.Hash(lie), failure.Reason);
        Assert.Contains(Fetching.Hash(Whole), failure.Reason);
        Assert.Single(liar.Requests);
    }

    [Fact]
    public async Task Fetch_NoMirrorLeft_SaysWhichFileGoesWhereAndWhyEachMirrorFailed()
    {
        using var missing = new MirrorServer(_ => Reply.Error("404 Not Found"));
        using var liar = new MirrorServer(_ => Reply.Ok(Fetching.Bytes(Whole.Length, 2)));
        var unknown = new Uri("http://models.invalid/net.onnx");
        var fault = await _fetching.FailAsync(_fetching.Entry(missing.Address, liar.Address, unknown));
        Assert.Equal([missing.Address, liar.Address, unknown], fault.Failures.Select(failure => failure.Mirror));
        Assert.Equal("answered 404 Not Found", fault.Failures[0].Reason);
        Assert.StartsWith("could not be reached", fault.Failures[2].Reason);
        Assert.All(fault.Failures, failure => Assert.Contains($"{failure.Mirror} {failure.Reason}", fault.Message));
        Assert.All([_fetching.Target, Fetching.Hash(Whole), "300,000 bytes", "net.onnx"], part => Assert.Contains(part, fault.Message));
        Assert.Empty(_fetching.Cached);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public async Task Fetch_ADeclaredLengthThatIsWrong_IsRefusedBeforeTheBody(int length)
    {
        using var server = new MirrorServer(_ => Reply.Ok(Fetching.Bytes(length, 1)));
        Assert.Equal($"offers a file of {length} bytes, expected 300000", await _fetching.FailAsync(server));
        Assert.DoesNotContain(_fetching.Progress, report => report.Received > 0);
    }

    [Fact]
    public async Task Fetch_ABodyThatIsLongerThanExpected_IsCutOff()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Fetching.Bytes(3_000_000, 1)) with { DeclaresLength = false });
        Assert.StartsWith("sent more than the expected 300000 bytes", await _fetching.FailAsync(server));
        Assert.Empty(_fetching.Cached);
    }

    [Fact]
    public async Task Fetch_ABodyThatEndsEarlyWithoutALength_IsContinued()
    {
        using var server = new MirrorServer(
            _ => Reply.Ok(Whole) with { DeclaresLength = false, Sent = 100_000 }, request => Reply.Rest(Whole, request.From));
        _fetching.AssertFetched(await _fetching.RunAsync(server));
    }

    [Fact]
    public async Task Fetch_AMirrorThatAlwaysBreaks_IsLeftAfterTheAttempts()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole) with { Sent = 0 });
        Assert.StartsWith("broke the connection", await _fetching.FailAsync(server));
        Assert.Equal(5, server.Requests.Length);
    }

    [Fact]
    public async Task Fetch_AWebPage_IsNotTheFile()
    {
        var page = Encoding.UTF8.GetBytes("<html>Sign in</html>");
        using var server = new MirrorServer(_ => Reply.Ok(page).With("Content-Type", "text/html; charset=utf-8"));
        Assert.Equal("offers a web page of 20 bytes, expected 300000", await _fetching.FailAsync(server));
    }

    [Fact]
    public async Task Fetch_AMirrorThatStalls_IsAskedForTheRest()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole) with { Sent = 100_000, Stalls = true }, request => Reply.Rest(Whole, request.From));
        var options = new FetchOptions { Proxy = new WebProxy(), RetryDelay = TimeSpan.Zero, StallTimeout = TimeSpan.FromMilliseconds(300) };
        _fetching.AssertFetched(await _fetching.RunAsync(_fetching.Entry(server.Address), options));
        Assert.Contains(_fetching.Progress, report => report.Activity.Contains("sent nothing for 0.3 seconds"));
    }

    [Fact]
    public async Task Fetch_AMirrorThatNeverAnswers_IsLeft()
    {
        var never = new TaskCompletionSource<Reply>();
        using var server = new MirrorServer(_ => never.Task);
        var options = new FetchOptions { Proxy = new WebProxy(), Attempts = 1, StallTimeout = TimeSpan.FromMilliseconds(100) };
        Assert.Equal("sent nothing for 0.1 seconds", await _fetching.FailAsync(server, options));
        never.SetResult(Reply.Error("503 Service Unavailable"));
    }

    [Theory]
    [InlineData("400 Bad Request", 1)]
    [InlineData("401 Unauthorized", 1)]
    [InlineData("404 Not Found", 1)]
    [InlineData("410 Gone", 1)]
    [InlineData("206 Partial Content", 1)]
    [InlineData("204 No Content", 1)]
    [InlineData("408 Request Timeout", 5)]
    [InlineData("429 Too Many Requests", 5)]
    [InlineData("500 Internal Server Error", 5)]
    [InlineData("503 Service Unavailable", 5)]
    public async Task Fetch_AStatus_IsRetriedOnlyWhenItMayPass(string status, int requests)
    {
        using var server = new MirrorServer(_ => Reply.Error(status));
        Assert.Equal($"answered {status}", await _fetching.FailAsync(server));
        Assert.Equal(requests, server.Requests.Length);
    }

    [Fact]
    public async Task Fetch_AMirrorThatNamesAWait_IsGivenItAndOthersDoubleTheirs()
    {
        using var server = new MirrorServer(
            _ => Reply.Error("500 Internal Server Error"),
            _ => Reply.Error("500 Internal Server Error"),
            _ => Reply.Error("503 Service Unavailable").With("Retry-After", "7"),
            _ => Reply.Error("500 Internal Server Error"),
            _ => Reply.Ok(Whole));
        var time = new HurriedTime();
        _fetching.AssertFetched(await _fetching.RunAsync(_fetching.Entry(server.Address), new FetchOptions { Proxy = new WebProxy(), Time = time }));
        Assert.Equal([1, 2, 7, 8], time.Waits);
    }

    [Fact]
    public async Task Fetch_AMirrorThatNamesALongWait_IsLeftForTheNext()
    {
        using var busy = new MirrorServer(_ => Reply.Error("429 Too Many Requests").With("Retry-After", "3600"));
        using var honest = new MirrorServer(_ => Reply.Ok(Whole));
        _fetching.AssertFetched(await _fetching.RunAsync(_fetching.Entry(busy.Address, honest.Address)));
        Assert.Single(busy.Requests);
    }

    [Fact]
    public async Task Fetch_AMirrorOfTheUser_IsTriedFirst()
    {
        using var published = new MirrorServer(_ => Reply.Ok(Whole));
        using var own = new MirrorServer(_ => Reply.Ok(Whole));
        var fetched = await _fetching.RunAsync(_fetching.Entry(published.Address), Fetching.Options(new Uri(own.Address, "/models/")));
        Assert.Equal(new Uri(own.Address, "/models/net.onnx"), fetched.Mirror);
        Assert.Empty(published.Requests);
    }

    [Fact]
    public async Task Fetch_ThroughAProxy_AsksTheProxy()
    {
        using var proxy = new MirrorServer(_ => Reply.Ok(Whole));
        var mirror = new Uri("http://models.invalid/net.onnx");
        _fetching.AssertFetched(await _fetching.RunAsync(_fetching.Entry(mirror), new FetchOptions { Proxy = new WebProxy(proxy.Address) }));
        Assert.Equal($"GET {mirror} HTTP/1.1", Assert.Single(proxy.Requests).Line);
    }

    [Fact]
    public async Task Fetch_CancelledOnTheWay_StopsAndKeepsWhatWasReceived()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new MirrorServer(_ => Reply.Ok(Whole) with { Sent = 100_000, Stalls = true });
        var run = _fetching.RunAsync(_fetching.Entry(server.Address), cancellation: cancellation.Token);
        while (!File.Exists(_fetching.Part) || new FileInfo(_fetching.Part).Length < 100_000)
            await Task.Delay(5);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(Whole[..100_000], File.ReadAllBytes(_fetching.Part));
        Assert.False(File.Exists(_fetching.Target));
    }

    [Fact]
    public async Task Fetch_CancelledWhileItWaits_StopsToo()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new MirrorServer(_ =>
        {
            cancellation.CancelAfter(50);
            return Reply.Error("503 Service Unavailable").With("Retry-After", "30");
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fetching.RunAsync(_fetching.Entry(server.Address), cancellation: cancellation.Token));
    }

    [Fact]
    public async Task Fetch_TwiceAtATime_DownloadsOnce()
    {
        var waiting = new TaskCompletionSource();
        using var server = new MirrorServer(async _ =>
        {
            await waiting.Task;
            return Reply.Ok(Whole);
        });
        var entry = _fetching.Entry(server.Address);
        var first = _fetching.RunAsync(entry);
        while (server.Requests.Length == 0)
            await Task.Delay(5);
        var second = BackboneFetcher.FetchAsync(entry, _fetching.Folder, Fetching.Options(), new Signal(waiting));
        _fetching.AssertFetched(await first);
        _fetching.AssertFetched(await second);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fetch_AFolderThatCannotBe_IsNotTheMirrorsFault()
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        using var folder = new TemporaryFolder();
        var file = folder.File("file");
        File.WriteAllText(file, "");
        var fault = await Assert.ThrowsAsync<TransferException>(() => BackboneFetcher.FetchAsync(_fetching.Entry(server.Address), file, Fetching.Options()));
        Assert.Contains(file, fault.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Fetch_AFullDisk_IsNotTheMirrorsFault()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        Directory.CreateDirectory(Path.GetDirectoryName(_fetching.Part)!);
        File.CreateSymbolicLink(_fetching.Part, "/dev/full");
        var fault = await Assert.ThrowsAsync<TransferException>(() => _fetching.RunAsync(server));
        Assert.Contains(_fetching.Part, fault.Message);
        Assert.False(File.Exists(_fetching.Target));
    }

    [Fact]
    public async Task Fetch_AReadOnlyFolder_IsNotTheMirrorsFault()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("Folders are never read-only for this user.");
            return;
        }

        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(_fetching.Part)!);
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        var fault = await Assert.ThrowsAsync<TransferException>(() => _fetching.RunAsync(server));
        folder.UnixFileMode |= UnixFileMode.UserWrite;
        Assert.Contains(folder.FullName, fault.Message);
    }

    [Theory]
    [InlineData("../net.onnx")]
    [InlineData("/net.onnx")]
    [InlineData("..")]
    public async Task Fetch_AFileNameThatLeadsOutOfTheCache_IsRefused(string file)
    {
        using var server = new MirrorServer(_ => Reply.Ok(Whole));
        var fault = await Assert.ThrowsAsync<TransferException>(() => _fetching.RunAsync(_fetching.Entry([server.Address], file)));
        Assert.Contains($"'{file}'", fault.Message);
        Assert.Empty(server.Requests);
    }

    /// <summary>A clock whose waits are noted and over at once, but for the patience with a silent mirror.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public List<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == new FetchOptions().StallTimeout)
                return base.CreateTimer(callback, state, dueTime, period);
            Waits.Add(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class Signal(TaskCompletionSource source) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            if (value.Activity.StartsWith("waiting"))
                source.TrySetResult();
        }
    }
}
