using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLNetTransfer.Tests.Backbones.Catalog;

/// <summary>A server on this machine that misbehaves as it is told: it writes whatever bytes a test wants after a request.</summary>
internal sealed class MirrorServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Request, Task<Reply>> _answer;
    private readonly ConcurrentQueue<Request> _requests = [];

    /// <param name="answer">What to send for the n-th request, n from 0.</param>
    public MirrorServer(Func<Request, Task<Reply>> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public MirrorServer(params Func<Request, Reply>[] answers)
        : this(request => Task.FromResult(answers[Math.Min(request.Index, answers.Length - 1)](request)))
    {
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/net.onnx");

    public Request[] Requests => [.. _requests];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var index = 0; !_stop.IsCancellationRequested; index++)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), index);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, int index)
    {
        try
        {
            using var closed = client;
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var request = new Request(index, (await reader.ReadLineAsync(_stop.Token))!, new(StringComparer.OrdinalIgnoreCase));
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                request.Headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
            _requests.Enqueue(request);
            var reply = await _answer(request);
            var head = new StringBuilder($"HTTP/1.1 {reply.Status}\r\nConnection: close\r\n");
            foreach (var (name, value) in reply.Headers)
                head.Append($"{name}: {value}\r\n");
            if (!reply.Headers.ContainsKey("Content-Length") && reply.DeclaresLength)
                head.Append(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n"));
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\n"), _stop.Token);
            await stream.WriteAsync(reply.Body.AsMemory(0, Math.Min(reply.Sent, reply.Body.Length)), _stop.Token);
            if (reply.Stalls)
                await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    internal sealed record Request(int Index, string Line, Dictionary<string, string> Headers)
    {
        /// <summary>The first byte asked for; 0 without a range.</summary>
        public int From => Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
    }

    internal sealed record Reply(string Status, byte[] Body)
    {
        public Dictionary<string, string> Headers { get; } = [];

        public bool DeclaresLength { get; init; } = true;

        /// <summary>How many bytes of the body are sent before the connection is closed.</summary>
        public int Sent { get; init; } = int.MaxValue;

        /// <summary>Whether the connection stays open in silence instead.</summary>
        public bool Stalls { get; init; }

        public Reply With(string header, string value)
        {
            Headers[header] = value;
            return this;
        }

        public static Reply Ok(byte[] body) => new("200 OK", body);

        public static Reply Error(string status) => new(status, []);

        public static Reply Redirect(string location) => new Reply("302 Found", []).With("Location", location);

        /// <summary>What an honest server answers to a request for a range.</summary>
        public static Reply Rest(byte[] whole, int from) => new Reply("206 Partial Content", whole[from..])
            .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{whole.Length - 1}/{whole.Length}"));
    }
}
