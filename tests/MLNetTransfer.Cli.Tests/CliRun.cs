using System.Text.Json.Nodes;

namespace MLNetTransfer.Cli.Tests;

/// <summary>One run of the console program inside the test: what scripts see of it.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>What came from the cache, which depends on the tests that ran before: no part of <see cref="Error"/>.</summary>
    private const string Cached = "features: ";

    public static CliRun Of(params IEnumerable<string> args) => Of(CancellationToken.None, args);

    public static CliRun Of(CancellationToken cancellation, params IEnumerable<string> args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = Runner.Run([.. args], output, error, cancellation);
        var messages = error.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith(Cached, StringComparison.Ordinal));
        return new CliRun(code, output.ToString().ReplaceLineEndings("\n"), string.Join('\n', messages));
    }

    /// <summary>The lines of messages.</summary>
    public string[] Messages => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The one JSON document on the standard output; text before or after it fails.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    /// <summary>The JSON documents on the standard output, one a line.</summary>
    public IReadOnlyList<JsonObject> JsonLines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(member => member.Key);

    /// <summary>The contract for bad usage or input: exit code 2, nothing on the standard output, one message.</summary>
    public CliRun AssertRefused(params IEnumerable<string> parts)
    {
        Assert.Equal(2, Code);
        Assert.Empty(Output);
        var message = Assert.Single(Messages);
        Assert.StartsWith("error: ", message);
        foreach (var part in parts)
            Assert.Contains(part, message);
        return this;
    }
}
