using System.CommandLine;
using System.Net;
using System.Text.Json;
using MLNetTransfer.Backbones.Catalog;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones fetch</c>: the one command that downloads, and only what it is given the name of.</summary>
internal static class BackbonesFetchCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "A name that 'backbones list' shows." };
        var mirrors = new Option<string[]>("--mirror") { HelpName = "URL", DefaultValueFactory = _ => [], Description = "An address to try first, of the file or (ending in '/') of its folder; repeatable." };
        var sha256 = new Option<string?>("--sha256") { HelpName = "HEX", Description = "The SHA-256 you trust, where none is published." };
        var trust = new Option<bool>("--trust-first-download") { Description = "Where no SHA-256 is published: accept the first download, hold later ones to it." };
        var proxy = new Option<string?>("--proxy") { HelpName = "URL", Description = "The proxy; without it the one that HTTPS_PROXY and its kin name." };
        var json = SharedOptions.Json();
        var command = new Command("fetch", "Download a pretrained network, verify it and keep it in the cache.") { name, mirrors, sha256, trust, proxy, json };
        command.SetAction((parsed, cancellation) =>
        {
            var entry = BackboneCatalog.Find(parsed.GetRequiredValue(name));
            var options = new FetchOptions
            {
                Mirrors = [.. parsed.GetValue(mirrors)!.Select(mirror => Address("--mirror", mirror))],
                Sha256 = parsed.GetValue(sha256),
                TrustFirstDownload = parsed.GetValue(trust),
                Proxy = parsed.GetValue(proxy) is { } address ? new WebProxy(Address("--proxy", address)) : null,
            };
            var fetched = terminal.WithProgress(bars =>
                BackboneFetcher.FetchAsync(entry, UserCache.Folder, options, new Bar(bars, entry), cancellation).GetAwaiter().GetResult());
            foreach (var failure in fetched.Failures)
                terminal.Say($"{failure.Mirror} {failure.Reason}.");
            if (entry.Caution is { } caution)
                terminal.Say($"Note: {caution}");
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, entry, fetched));
            else
                Print(terminal, entry, fetched);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new TransferException($"{option} takes an http or https address; received '{text}'. Begin it with https://.");

    private static void Print(Terminal terminal, CatalogEntry entry, FetchedBackbone fetched)
    {
        terminal.Print($"{entry.Title}, {BackbonesListCommand.Megabytes(fetched.Bytes)}, licence {entry.Licence}.");
        terminal.Print($"From     {fetched.Mirror?.ToString() ?? "the cache, verified"}");
        terminal.Print($"SHA-256  {fetched.Sha256}{(entry.Sha256 is null ? " (nobody publishes it: noted, and binding from now on)" : "")}");
        terminal.Print($"File     {fetched.Path}");
        terminal.Print(entry.Format == BackboneFormat.Onnx ? $"Use it with --backbone {entry.Name}." : $"Import it: {ImportOf(entry, fetched)}");
    }

    private static void WriteJson(Utf8JsonWriter writer, CatalogEntry entry, FetchedBackbone fetched)
    {
        writer.WriteString("name", entry.Name);
        writer.WriteString("path", fetched.Path);
        writer.WriteNumber("bytes", fetched.Bytes);
        writer.WriteString("sha256", fetched.Sha256);
        writer.WriteString("licence", entry.Licence);
        writer.WriteString("mirror", fetched.Mirror?.ToString());
        writer.WriteStartArray("failures");
        foreach (var failure in fetched.Failures)
        {
            writer.WriteStartObject();
            writer.WriteString("mirror", failure.Mirror.ToString());
            writer.WriteString("reason", failure.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("import", entry.Format == BackboneFormat.Onnx ? null : ImportOf(entry, fetched));
    }

    private static string ImportOf(CatalogEntry entry, FetchedBackbone fetched) =>
        $"mlnettransfer backbones import \"{fetched.Path}\" --out {entry.Name}.onnx";

    /// <summary>One bar for the download, in kilobytes; a length nobody knows has no middle to show.</summary>
    private sealed class Bar(IProgress<TransferProgress> bars, CatalogEntry entry) : IProgress<FetchProgress>
    {
        private const int Kilo = 1000;

        public void Report(FetchProgress value)
        {
            var total = value.Total ?? entry.Bytes;
            bars.Report(total is { } bytes
                ? new TransferProgress($"{entry.Name} ({BackbonesListCommand.Megabytes(bytes)})", (int)(value.Received / Kilo), (int)(bytes / Kilo))
                : new TransferProgress(entry.Name, 0, 1));
        }
    }
}
