using System.CommandLine;
using System.Text.Json;
using MLNetTransfer.Images;
using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.LayerSearch;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>layers</c>: how many layers of a network to reuse for some photos, and how many of those to train.</summary>
internal static class LayersCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, backbone, seed, json, report) = (SharedOptions.Data(), SharedOptions.Backbone(), SharedOptions.Seed(), SharedOptions.Json(), SharedOptions.Report());
        var frozen = new Option<bool>("--frozen") { Description = "Compare frozen layers alone, which takes seconds." };
        var hidden = new Option<int>("--hidden") { HelpName = "N", DefaultValueFactory = _ => new LayerSearchOptions().HiddenUnits, Description = "Units of the hidden layer that is tried on the best features; 0: none." };
        var repetitions = new Option<int>("--repeat") { HelpName = "N", DefaultValueFactory = _ => new LayerSearchOptions().Repetitions, Description = "How often frozen layers are cross-validated, each time with other folds." };
        var epochs = new Option<int?>("--epochs") { HelpName = "N", Description = "Passes over the photos while layers train; 16 without it." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("layers", "Find how many layers to reuse for your photos, and how many of those to train.") { data, backbone, frozen, hidden, repetitions, epochs };
        FineTuningRequest.AddSettingsTo(command);
        command.Add(seed);
        command.Add(noCache);
        command.Add(report);
        command.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            OutputFiles.Require([parsed.GetValue(data), parsed.GetValue(backbone)], parsed.GetValue(report));
            var images = ImageSet.Read(parsed.GetRequiredValue(data));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new LayerSearchOptions
            {
                Transfer = new TransferOptions { Backbone = SharedOptions.Resolve(parsed.GetValue(backbone)!), Seed = parsed.GetValue(seed), Cache = cache.Cache },
                FineTuning = FineTuningRequest.SettingsOf(parsed, Backbones.Cut.Auto, null),
                FineTunes = !parsed.GetValue(frozen),
                HiddenUnits = parsed.GetValue(hidden),
                Repetitions = parsed.GetValue(repetitions),
                Budget = FineTuningRequest.BudgetOf(parsed),
            };
            var result = terminal.WithProgress(progress => LayerSearcher.Search(images, options, progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, options.Transfer.Backbone, []);
            terminal.ListSkipped(result.Skipped);
            if (result.Stopped)
                terminal.Say("Not everything was tried: this is the best answer so far.");
            if (parsed.GetValue(report) is { } file)
                HtmlReport.Write(file, LayersTable.ForReport(result));
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, result));
            else
                LayersTable.Print(terminal, result);
            return Task.FromResult(cancellation.IsCancellationRequested ? ExitCode.Cancelled : result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    private static void WriteJson(Utf8JsonWriter writer, LayerSearchResult result)
    {
        writer.WriteString("backbone", result.Backbone);
        writer.WriteNumber("images", result.Images);
        writer.WriteStartArray("cuts");
        foreach (var cut in result.Figures.Where(figures => figures.Choice is { FineTunedFrom: null, HiddenUnits: 0 }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", cut.Choice.Cut);
            WriteFigures(writer, cut);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("trained");
        foreach (var choice in result.Figures.Where(figures => figures.Choice is not { FineTunedFrom: null, HiddenUnits: 0 }))
        {
            writer.WriteStartObject();
            WriteChoice(writer, choice.Choice);
            WriteFigures(writer, choice);
            writer.WriteBoolean("complete", choice.IsComplete);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("recommended", result.Recommended.Choice.Cut);
        writer.WriteStartObject("recommendation");
        WriteChoice(writer, result.Recommended.Choice);
        writer.WriteString("reason", result.Reason);
        writer.WriteEndObject();
        writer.WriteBoolean("stopped", result.Stopped);
        EvaluationTable.WriteSkipped(writer, result.Skipped);
    }

    private static void WriteChoice(Utf8JsonWriter writer, LayerChoice choice)
    {
        writer.WriteString("cut", choice.Cut);
        writer.WriteString("fineTunedFrom", choice.FineTunedFrom);
        writer.WriteNumber("hiddenUnits", choice.HiddenUnits);
    }

    private static void WriteFigures(Utf8JsonWriter writer, LayerFigures figures)
    {
        writer.WriteNumber("dimensions", figures.Dimensions);
        writer.WriteNumber("flops", 2 * figures.MultiplyAdds);
        writer.WriteNumber("accuracy", figures.Accuracy);
        writer.WriteStartArray("interval");
        writer.WriteNumberValue(figures.Interval.Low);
        writer.WriteNumberValue(figures.Interval.High);
        writer.WriteEndArray();
        writer.WriteNumber("logLoss", figures.LogLoss);
        writer.WriteNumber("seconds", Math.Round(figures.Seconds, 2));
    }
}
