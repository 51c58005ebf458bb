using System.CommandLine;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>evaluate</c>: a model against labelled images it has not seen; the exit code tells whether it is good enough.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, json, report) = (SharedOptions.Data(), SharedOptions.Json(), SharedOptions.Report());
        var model = new Option<string>("--model") { Required = true, HelpName = "model.zip", Description = "The model file." };
        var minAccuracy = new Option<double?>("--min-accuracy") { HelpName = "X", Description = "Exit with 1 when the accuracy is below X (0 to 1)." };
        var minAuc = new Option<double?>("--min-auc") { HelpName = "X", Description = "Exit with 1 when the AUC is below X (0 to 1)." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("evaluate", "Measure a model on labelled photos it has not seen, and gate on the result.") { model, data, minAccuracy, minAuc, noCache, report, json };
        command.SetAction((parsed, cancellation) =>
        {
            var gate = new AccuracyGate { MinAccuracy = parsed.GetValue(minAccuracy), MinAuc = parsed.GetValue(minAuc) };
            OutputFiles.Require([parsed.GetValue(model), parsed.GetValue(data)], parsed.GetValue(report));
            var images = ImageSet.Read(parsed.GetRequiredValue(data));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            using var classifier = ImageClassifier.Load(parsed.GetRequiredValue(model), cache: cache.Cache);
            var evaluated = terminal.WithProgress(progress => classifier.Evaluate(images, progress, cancellation));
            cache.Report(terminal);
            RunReport.Write(parsed.GetValue(report), $"{string.Join(" or ", classifier.Classes)}?", parsed.GetRequiredValue(model), classifier.Card, evaluated, evaluated.Skipped, ("evaluation", evaluated));
            terminal.ListSkipped(evaluated.Skipped);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(writer =>
                {
                    EvaluationJson.Write(writer, evaluated.Result);
                    EvaluationTable.WriteSkipped(writer, evaluated.Skipped);
                });
            }
            else
            {
                terminal.Output.Write(EvaluationTable.Create(("evaluation", evaluated.Result)));
                terminal.Output.Write(EvaluationTable.Confusion(evaluated.Result.Confusion, terminal.Output.Profile.Width));
            }

            var checkedGate = gate.Check(evaluated.Result);
            foreach (var failure in checkedGate.Failures)
                terminal.Say($"Gate not met: {failure}.");
            return Task.FromResult(!checkedGate.Passed ? ExitCode.GateNotMet : evaluated.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }
}
