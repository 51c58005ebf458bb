using System.CommandLine;
using System.Text.Json;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>adapt</c>: labelled photos of one kind and unlabelled ones of another in, a model.zip for the latter out.</summary>
internal static class AdaptCommand
{
    private const string Auto = "auto";

    public static Command Create(Terminal terminal)
    {
        var (backbone, cut, seed, json, report) = (SharedOptions.Backbone(), SharedOptions.Cut(), SharedOptions.Seed(), SharedOptions.Json(), SharedOptions.Report());
        var source = new Option<string>("--source") { Required = true, HelpName = "DIR", Description = "The labelled photos: a folder with one sub-folder per class, or a manifest." };
        var target = new Option<string>("--target") { Required = true, HelpName = "DIR", Description = "Photos like those the model will meet, without labels: its sub-folders mean nothing." };
        var method = new Option<string>("--method") { Required = true, HelpName = "NAME|none|auto", Description = $"How to adapt: {Names(AdaptationCatalog.Methods.Select(known => known.Name))}. '{Auto}': what the scorer likes best." };
        var scorer = new Option<string?>("--scorer") { HelpName = "NAME", Description = $"What chooses without labels of the target: {Names(ScorerCatalog.Scorers.Select(known => known.Name))}. With a method: among its hyper-parameters. '{Auto}' takes {AdaptationOptions.DefaultScorer.Name} without it." };
        var output = new Option<string>("--out") { Required = true, HelpName = "model.zip", Description = "The model file to write; its card goes beside it." };
        var shots = new Option<string?>("--shots") { HelpName = "DIR", Description = "A few labelled photos of the target, for the methods that learn from them." };
        var test = new Option<string?>("--test") { HelpName = "DIR", Description = "Held-out labelled photos of the target: they measure the model and choose nothing." };
        var fineTune = new Option<string?>("--fine-tune") { HelpName = "NAME|image", Description = "Adapt the network's layers above this cut too, with a method that can." };
        var noCache = UserFeatureCache.Option();
        cut.HelpName = "NAME|last";
        cut.Description = "The cut whose features are adapted.";
        var command = new Command("adapt", "Train a model on your photos for photos of another kind, which need no labels.") { source, target, method, scorer, output, shots, test, backbone, cut, fineTune, seed, noCache, report, json };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            var (sourcePath, targetPath) = (parsed.GetRequiredValue(source), parsed.GetRequiredValue(target));
            OutputFiles.Require([sourcePath, targetPath, parsed.GetValue(shots), parsed.GetValue(test), parsed.GetValue(backbone)], path, TransferModel.CardPathOf(path), parsed.GetValue(report));
            var name = parsed.GetRequiredValue(method);
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new AdaptationOptions
            {
                Method = name == Auto ? null : AdaptationCatalog.Find(name),
                Scorer = parsed.GetValue(scorer) is { } judge ? ScorerCatalog.Find(judge) : null,
                Backbone = SharedOptions.Resolve(parsed.GetValue(backbone)!),
                Cut = parsed.GetValue(cut)!,
                FineTune = parsed.GetValue(fineTune),
                Test = parsed.GetValue(test) is { } testPath ? LabeledDomain.Read(testPath, testPath) : null,
                Seed = parsed.GetValue(seed),
                Cache = cache.Cache,
            };
            var problem = new TransferProblem(
                LabeledDomain.Read(sourcePath, sourcePath), UnlabeledDomain.Read(targetPath, targetPath), parsed.GetValue(shots) is { } shotPath ? LabeledDomain.Read(shotPath, shotPath) : null);
            var result = terminal.WithProgress(progress => AdaptationTrainer.Train(problem, options, progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, options.Backbone, result.Transfer.Warnings);
            foreach (var note in result.Notes)
                terminal.Say($"Note: {note}");
            result.Transfer.Model.Save(path);
            AdaptationTable.Report(parsed.GetValue(report), path, result);
            terminal.ListSkipped(result.Transfer.Skipped);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, result));
            else
                AdaptationTable.Print(terminal, result, path);
            return Task.FromResult(result.Transfer.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static void WriteJson(Utf8JsonWriter writer, AdaptationResult result)
    {
        var facts = result.Transfer.Model.Card.Adaptation!;
        writer.WriteString("method", facts.Method);
        writer.WriteString("settings", facts.Settings);
        writer.WriteString("scorer", facts.Scorer);
        writer.WriteString("chosen", facts.Chosen);
        writer.WriteNumber("targetImages", facts.TargetImages);
        writer.WriteNumber("shots", facts.Shots);
        TrainCommand.WriteJson(writer, result.Transfer);
        if (result.SourceOnly is { } sourceOnly && result.Difference is { } difference)
        {
            TrainCommand.WriteEvaluation(writer, "sourceOnly", sourceOnly.Result);
            writer.WriteStartObject("difference");
            writer.WriteNumber("value", difference.Value);
            writer.WriteStartArray("interval");
            writer.WriteNumberValue(difference.Low);
            writer.WriteNumberValue(difference.High);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        if (result.Choice is not { } choice)
            return;
        writer.WriteStartArray("candidates");
        foreach (var candidate in choice.Candidates)
        {
            writer.WriteStartObject();
            writer.WriteString("settings", $"{candidate.Method}");
            if (candidate.Score is { } score)
                writer.WriteNumber("score", score);
            else
                writer.WriteString("refusal", candidate.Refusal);
            if (result.Comparison?.Accuracies.TryGetValue(candidate, out var accuracy) == true)
                writer.WriteNumber("testAccuracy", accuracy);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
