using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Catalog;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones rank</c>: which pretrained network, and which of its layers, promise most for a task; nothing is trained.</summary>
internal static class BackbonesRankCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, json, noCache) = (SharedOptions.Data(), SharedOptions.Json(), UserFeatureCache.Option());
        var backbones = new Option<string[]>("--backbone")
        {
            HelpName = "NAME|FILE ...",
            AllowMultipleArgumentsPerToken = true,
            Description = "The networks to rank; without it the embedded one and all that were fetched.",
        };
        var cuts = new Option<bool>("--cuts") { Description = "Rank every cut of each network, not only its default cut." };
        var command = new Command("rank", "Rank networks by how well their features fit your photos, without training.") { data, backbones, cuts, noCache, json };
        command.SetAction((parsed, cancellation) =>
        {
            var images = ImageSet.Read(parsed.GetRequiredValue(data));
            var networks = Networks(parsed.GetValue(backbones) ?? []);
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var ranking = terminal.WithProgress(progress => BackboneRanking.Of(images, networks, parsed.GetValue(cuts), cache.Cache, progress, cancellation));
            cache.Report(terminal);
            foreach (var network in networks)
                SharedOptions.Warn(terminal, network, []);
            terminal.ListSkipped(ranking.Skipped);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => Write(writer, ranking));
            else
                Print(terminal, ranking);
            return Task.FromResult(ranking.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    /// <summary>Those named, each once; else those that can be used at once.</summary>
    private static IReadOnlyList<Backbone> Networks(string[] names) => names.Length > 0
        ? [.. names.Distinct().Select(SharedOptions.Resolve).DistinctBy(network => network.Sha256)]
        : [.. BackboneCatalog.Entries
            .Where(entry => entry.Format == BackboneFormat.Onnx && BackboneCatalog.StateOf(entry, UserCache.Folder) is CacheState.Embedded or CacheState.Fetched)
            .Select(entry => BackboneCatalog.Load(entry, UserCache.Folder))];

    private static void Print(Terminal terminal, BackboneRanking ranking)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("backbone").AddColumn("cut");
        foreach (var name in new[] { "features", "multiply-adds", "LogME", "H-score" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var (row, cut) in ranking.Cuts.Index())
        {
            string[] cells =
            [
                Markup.Escape(cut.Backbone), Markup.Escape(cut.Cut), Number(cut.Dimensions, "0"), Counts.Short(cut.MultiplyAdds),
                Number(cut.LogMe, "0.0000"), Number(cut.HScore, "0.000"),
            ];
            table.AddRow(row == 0 ? [.. cells.Select(cell => $"[bold]{cell}[/]")] : cells);
        }
        terminal.Output.Write(table);
        terminal.Print(FormattableString.Invariant($"From {ranking.Images} images, the best promise first. A promise is no measurement: train the first few"));
        terminal.Print("with --backbone and --cut and compare their accuracies.");
    }

    private static void Write(Utf8JsonWriter writer, BackboneRanking ranking)
    {
        writer.WriteNumber("images", ranking.Images);
        writer.WriteStartArray("ranking");
        foreach (var cut in ranking.Cuts)
        {
            writer.WriteStartObject();
            writer.WriteString("backbone", cut.Backbone);
            writer.WriteString("cut", cut.Cut);
            writer.WriteNumber("dimensions", cut.Dimensions);
            writer.WriteNumber("multiplyAdds", cut.MultiplyAdds);
            writer.WriteNumber("logMe", cut.LogMe);
            writer.WriteNumber("hScore", cut.HScore);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        EvaluationTable.WriteSkipped(writer, ranking.Skipped);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
