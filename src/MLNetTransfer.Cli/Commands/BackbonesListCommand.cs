using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Backbones.Catalog;
using Spectre.Console;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones list</c>: the pretrained networks known by name.</summary>
internal static class BackbonesListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = SharedOptions.Json();
        var command = new Command("list", "List the pretrained networks known by name and whether they are here.") { json };
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(json))
                terminal.WriteJson(WriteJson);
            else
                Print(terminal);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Print(Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Column("name"), Column("size").RightAligned(), Column("pixels").RightAligned(), Column("features").RightAligned(), Column("licence"), Column("status"));
        foreach (var entry in BackboneCatalog.Entries)
        {
            var state = BackboneCatalog.StateOf(entry, UserCache.Folder);
            table.AddRow(
                Markup.Escape(entry.Name), Megabytes(entry.Bytes), Count(entry.Preprocessing.Side), Count(entry.Features), Markup.Escape(entry.Licence),
                state switch
                {
                    CacheState.Embedded or CacheState.Fetched => $"[green]{Status(state)}[/]",
                    CacheState.Damaged => $"[red]{Status(state)}[/]",
                    _ => $"[grey]{Status(state)}[/]",
                });
        }

        terminal.Output.Write(table);
        terminal.Print("Fetch with 'mlnettransfer backbones fetch NAME', use with --backbone NAME.");
    }

    /// <summary>A column narrow enough for six of them in 80 characters.</summary>
    private static TableColumn Column(string name) => new TableColumn(name).NoWrap().Padding(0, 0, 1, 0);

    private static void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteString("cache", UserCache.Folder);
        writer.WriteStartArray("backbones");
        foreach (var entry in BackboneCatalog.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            WriteStrings(writer, "aliases", entry.Aliases);
            writer.WriteString("title", entry.Title);
            writer.WriteString("status", Status(BackboneCatalog.StateOf(entry, UserCache.Folder)));
            writer.WriteString("format", entry.Format == BackboneFormat.Onnx ? "onnx" : "tensorflow-meta");
            writer.WriteString("path", entry.Embedded ? null : BackboneCatalog.PathOf(entry, UserCache.Folder));
            if (entry.Bytes is { } bytes)
                writer.WriteNumber("bytes", bytes);
            else
                writer.WriteNull("bytes");
            writer.WriteString("sha256", entry.Sha256);
            writer.WriteString("licence", entry.Licence);
            writer.WriteString("input", entry.Input);
            writer.WriteNumber("features", entry.Features);
            writer.WritePropertyName("preprocessing");
            writer.WriteRawValue(entry.Preprocessing.ToJson());
            WriteStrings(writer, "mirrors", entry.Mirrors);
            writer.WriteString("source", entry.Source);
            writer.WriteString("caution", entry.Caution);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public static string Megabytes(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1e6:0.0} MB") : "?";

    private static string Status(CacheState state) => state switch
    {
        CacheState.Embedded => "embedded",
        CacheState.Fetched => "fetched",
        CacheState.Damaged => "damaged",
        _ => "not fetched",
    };

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
