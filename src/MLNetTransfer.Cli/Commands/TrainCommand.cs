using System.CommandLine;
using System.Text.Json;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>train</c>: photos in, model.zip out.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, backbone, cut, seed, json, report) = (SharedOptions.Data(), SharedOptions.Backbone(), SharedOptions.Cut(), SharedOptions.Seed(), SharedOptions.Json(), SharedOptions.Report());
        var output = new Option<string>("--out") { Required = true, HelpName = "model.zip", Description = "The model file to write; its card goes beside it." };
        var test = new Option<string?>("--test") { HelpName = "DIR", Description = "Held-out images; without it a fifth of the data is held out." };
        var positive = new Option<string?>("--positive") { HelpName = "CLASS", Description = "The positive class of two; the second in alphabetical order without it." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("train", "Train a model on your photos and measure it on photos it has not seen.") { data, output, test, backbone, cut, positive, seed, noCache, report, json };
        FineTuningRequest.AddTo(command);
        ImageClassificationTraining.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (ImageClassificationTraining.IsChosen(parsed))
                return Task.FromResult(ImageClassificationTraining.Run(terminal, parsed, cancellation));
            var path = parsed.GetRequiredValue(output);
            OutputFiles.Require(
                [parsed.GetValue(data), parsed.GetValue(test), parsed.GetValue(backbone)], path, TransferModel.CardPathOf(path), parsed.GetValue(report));
            var images = ImageSet.Read(parsed.GetRequiredValue(data));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new TransferOptions
            {
                Backbone = SharedOptions.Resolve(parsed.GetValue(backbone)!),
                Cut = parsed.GetValue(cut)!,
                Positive = parsed.GetValue(positive),
                Test = parsed.GetValue(test) is { } folder ? ImageSet.Read(folder) : null,
                Seed = parsed.GetValue(seed),
                Cache = cache.Cache,
            };
            var result = FineTuningRequest.IsMade(parsed)
                ? FineTuningRequest.Train(terminal, parsed, images, options, cancellation)
                : terminal.WithProgress(progress => TransferTrainer.Train(images, options, progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, options.Backbone, result.Warnings);
            result.Model.Save(path);
            RunReport.Write(parsed.GetValue(report), $"{string.Join(" or ", result.Model.Card.Classes)}?", path, result.Model.Card, result.Test, result.Skipped, Parts(result));
            terminal.ListSkipped(result.Skipped);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, result));
            else
                Print(terminal, result, path);
            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    /// <summary>The evaluations of a training run, the most trustworthy first.</summary>
    public static IEnumerable<(string Name, EvaluatedImages? Images)> Parts(TransferResult result) =>
        [("held-out test", result.Test), ("cross-validation", result.Validation)];

    private static void Print(Terminal terminal, TransferResult result, string path)
    {
        var card = result.Model.Card;
        terminal.Print(FormattableString.Invariant($"Trained on {card.Images} images with {card.Backbone}, cut at {card.Cut}{FineTuningRequest.Describe(card)}."));
        terminal.Print($"Classes: {string.Join(", ", card.Classes.Select(name => name == card.Positive ? $"{name} (positive)" : name))}.");
        terminal.Output.Write(EvaluationTable.Create(Parts(result).Where(part => part.Images is not null).Select(part => (part.Name, part.Images!.Result))));
        if (card.CutSelection.Count > 0)
            terminal.Output.Write(CutTable.Create(card));
        terminal.Print($"Model  {path}");
        terminal.Print($"Card   {TransferModel.CardPathOf(path)}");
    }

    /// <summary>What a training run is, under the names of the console contract.</summary>
    public static void WriteJson(Utf8JsonWriter writer, TransferResult result)
    {
        var card = result.Model.Card;
        writer.WriteString("backbone", card.Backbone);
        writer.WriteString("cut", card.Cut);
        CutSelectionJson.Write(writer, card.CutSelection);
        if (card.FineTuning is { } tuned)
            writer.WriteString("fineTunedFrom", tuned.From);
        writer.WriteStartArray("classes");
        foreach (var name in card.Classes)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteString("positive", card.Positive);
        writer.WriteNumber("images", card.Images);
        EvaluationTable.WriteSkipped(writer, result.Skipped);
        WriteEvaluation(writer, "validation", result.Validation.Result);
        if (result.Test is { } test)
            WriteEvaluation(writer, "test", test.Result);
    }

    /// <summary>An evaluation as an object of its own.</summary>
    public static void WriteEvaluation(Utf8JsonWriter writer, string name, EvaluationResult result)
    {
        writer.WriteStartObject(name);
        EvaluationJson.Write(writer, result);
        writer.WriteEndObject();
    }
}
