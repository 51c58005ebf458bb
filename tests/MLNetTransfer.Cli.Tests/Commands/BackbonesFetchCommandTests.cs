using System.Net;
using System.Security.Cryptography;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesFetchCommandTests
{
    private static readonly byte[] File = RandomNumberGenerator.GetBytes(5000);

    private static string Sha256 => Convert.ToHexStringLower(SHA256.HashData(File));

    [Fact]
    public void Fetch_AFileOfTheUsersMirror_IsVerifiedKeptAndImportedNext()
    {
        using var server = new Server();
        var args = new[] { "backbones", "fetch", "mlnet-resnet-v2-50", "--sha256", Sha256, "--mirror", server.Address };
        var run = CliRun.Of(args);
        Assert.Equal((0, ""), (run.Code, string.Join('\n', run.Messages.Where(line => !line.StartsWith("Note: ")))));
        var path = Path.Combine(TestCache.Folder, "backbones", "resnet_v2_50_299.meta");
        Assert.Equal(File, System.IO.File.ReadAllBytes(path));
        Assert.Contains($"mlnettransfer backbones import \"{path}\" --out mlnet-resnet-v2-50.onnx", run.Output);
        Assert.Contains(Sha256, run.Output);

        var again = CliRun.Of([.. args, "--json"]).Json;
        Assert.Equal(["name", "path", "bytes", "sha256", "licence", "mirror", "failures", "import"], CliRun.Names(again));
        Assert.Equal((path, 5000, Sha256, null), ((string?)again["path"], (int?)again["bytes"], (string?)again["sha256"], (string?)again["mirror"]));
        Assert.Contains(CliRun.Of("backbones", "list").Output.Split('\n'), line => line.Contains(" mlnet-resnet-v2-50 ") && line.Contains(" fetched"));
        // A TensorFlow graph is no backbone yet.
        Use("features", "mlnet-resnet-v2-50").AssertRefused("mlnettransfer backbones import");
    }

    [Fact]
    public void Fetch_NoMirrorThatGives_NamesFileSha256AndPlace()
    {
        using var server = new Server();
        // The proxy answers for every mirror: nothing leaves this machine.
        var run = CliRun.Of("backbones", "fetch", "mobilenet-v2", "--mirror", server.Address, "--proxy", server.Address);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("error: ", run.Error);
        Assert.All(
            [
                server.Address + "mobilenetv2-12.onnx offers a file of 5000 bytes, expected 13964571", "https://huggingface.co/", "https://media.githubusercontent.com/",
                "13,964,571 bytes", "c0c3f76d93fa3fd6580652a45618618a220fced18babf65774ed169de0432ad5", Path.Combine(TestCache.Folder, "backbones", "mobilenetv2-12.onnx"),
            ],
            part => Assert.Contains(part, run.Error));
    }

    [Theory]
    [InlineData("resnet50v2", "Did you mean 'resnet50-v2'")]
    [InlineData("formula-resnet", "comes with the library")]
    [InlineData("mlnet-inception-v3", "--sha256")]
    public void Fetch_ANameThatCannotBe_IsRefused(string name, string message) => CliRun.Of("backbones", "fetch", name).AssertRefused(message);

    [Theory]
    [InlineData("--mirror", "models", "--mirror takes an http or https address; received 'models'")]
    [InlineData("--proxy", "localhost:8080", "--proxy takes an http or https address; received 'localhost:8080'")]
    [InlineData("--sha256", "abc", "64 hexadecimal digits")]
    public void Fetch_AWrongOption_IsRefused(string option, string value, string message) =>
        CliRun.Of("backbones", "fetch", "resnet18-v2", option, value).AssertRefused(message);

    [Theory]
    [InlineData("resnet18-v2", "mlnettransfer backbones fetch resnet18-v2")]
    [InlineData("resnet18", "Did you mean 'resnet18-v2'")]
    [InlineData("net.onnx", "'net.onnx', which is none of them")]
    public void Backbone_ANameThatIsNotHere_SaysWhatToDo(string name, string message)
    {
        Use("features", name).AssertRefused(message);
        Use("train", name).AssertRefused(message);
    }

    /// <summary>What a command says of a backbone.</summary>
    internal static CliRun Use(string command, string backbone)
    {
        using var folder = new TemporaryFolder();
        Drawings.WriteSet(folder.Path, 2, seed: 1, "dots", "stripes");
        return CliRun.Of(command, "--data", folder.Path, "--out", Path.Combine(folder.Path, "out"), "--backbone", backbone);
    }

    /// <summary>Gives the file whatever is asked for.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Server()
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(Serve);
        }

        public string Address { get; }

        public void Dispose() => _listener.Close();

        private void Serve()
        {
            try
            {
                while (true)
                {
                    var context = _listener.GetContext();
                    context.Response.ContentLength64 = File.Length;
                    context.Response.Close(File, willBlock: true);
                }
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
            }
        }
    }
}
