using System.CommandLine;
using System.Text.Json;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.Experiments;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>experiment</c>: methods compared over pairs of domains, backbones, cuts and seeds, as a file says.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal)
    {
        var (json, report) = (SharedOptions.Json(), SharedOptions.Report());
        var file = new Argument<string>("FILE.json") { Description = "What to compare: docs/experiments.md has the format, data/experiments three examples." };
        var results = new Option<string?>("--results") { HelpName = "FILE.jsonl", Description = "Where finished records are kept, so that a run that was stopped goes on; without it FILE.results.jsonl." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("experiment", "Compare adaptation methods over pairs of domains, as a file says.") { file, results, noCache, report, json };
        command.SetAction((parsed, cancellation) =>
        {
            var experiment = Experiment.Read(parsed.GetRequiredValue(file));
            var records = parsed.GetValue(results) ?? experiment.DefaultResults;
            OutputFiles.Require([experiment.File, .. experiment.Backbones], records, parsed.GetValue(report));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new ExperimentOptions { Results = records, Backbones = SharedOptions.Resolve, Cache = cache.Cache, Embeds = parsed.GetValue(report) is not null };
            var result = terminal.WithProgress(progress => ExperimentRunner.Run(experiment, options, progress, cancellation));
            cache.Report(terminal);
            terminal.ListSkipped(result.Skipped);
            if (parsed.GetValue(report) is { } page)
                HtmlReport.Write(page, ExperimentTable.ForReport(result));
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, result));
            else
                ExperimentTable.Print(terminal, result);
            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    private static void WriteJson(Utf8JsonWriter writer, ExperimentResult result)
    {
        writer.WriteString("title", result.Experiment.Title);
        WriteList(writer, "seeds", result.Experiment.Seeds, writer.WriteNumberValue);
        WriteList(writer, "comparisons", result.Comparisons, comparison =>
        {
            writer.WriteStartObject();
            writer.WriteString("backbone", comparison.Backbone);
            writer.WriteString("backboneSha256", comparison.BackboneSha256);
            writer.WriteString("cut", comparison.Cut);
            writer.WriteNumber("dimensions", comparison.Dimensions);
            WriteList(writer, "pairs", comparison.Pairs, pair => WritePair(writer, pair));
            WriteList(writer, "entries", comparison.Entries, entry => WriteEntry(writer, entry));
            writer.WriteEndObject();
        });
        EvaluationTable.WriteSkipped(writer, result.Skipped);
    }

    private static void WritePair(Utf8JsonWriter writer, ExperimentPair pair)
    {
        writer.WriteStartObject();
        writer.WriteString("source", pair.Source);
        writer.WriteString("target", pair.Target);
        writer.WriteNumber("sourceImages", pair.SourceImages);
        writer.WriteNumber("targetImages", pair.TargetImages);
        writer.WriteNumber("shots", pair.Shots);
        writer.WriteNumber("testImages", pair.TestImages);
        writer.WriteBoolean("transductive", pair.IsTransductive);
        writer.WriteNumber("aDistance", pair.ADistance);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, ExperimentEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("method", entry.Method);
        writer.WriteString("chosenBy", entry.Choice);
        writer.WriteNumber("applied", entry.Applied);
        if (entry.Applied > 0)
        {
            WriteFigures(writer, entry.Accuracy, entry.AccuracyInterval, entry.Difference, entry.PValue);
            writer.WriteNumber("better", entry.Better);
            writer.WriteNumber("worse", entry.Worse);
        }
        if (entry.Rank is { } rank)
            writer.WriteNumber("rank", rank);
        WriteList(writer, "pairs", entry.Pairs, pair =>
        {
            writer.WriteStartObject();
            if (pair.Refusal is not null)
                writer.WriteString("refusal", pair.Refusal);
            else
                WriteFigures(writer, pair.Accuracy, pair.AccuracyInterval, pair.Difference, pair.PValue);
            WriteList(writer, "settings", pair.Settings, writer.WriteStringValue);
            if (pair.Unjudged > 0)
                writer.WriteNumber("unjudged", pair.Unjudged);
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter writer, double accuracy, Interval interval, PairedDifference difference, double? pValue)
    {
        writer.WriteNumber("accuracy", accuracy);
        WriteList(writer, "interval", [interval.Low, interval.High], writer.WriteNumberValue);
        writer.WriteStartObject("difference");
        writer.WriteNumber("value", difference.Value);
        WriteList(writer, "interval", [difference.Low, difference.High], writer.WriteNumberValue);
        writer.WriteEndObject();
        if (pValue is { } p)
            writer.WriteNumber("pValue", p);
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        writer.WriteEndArray();
    }
}
