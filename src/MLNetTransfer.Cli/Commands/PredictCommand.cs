using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>predict</c>: one line an image.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var model = new Option<string>("--model") { Required = true, HelpName = "model.zip", Description = "The model file." };
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "Image files, or folders of them." };
        var command = new Command("predict", "Predict photos: a line each, bad ones with their error.") { model, paths, json };
        command.SetAction((parsed, cancellation) =>
        {
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths));
            using var classifier = ImageClassifier.Load(parsed.GetRequiredValue(model));
            var outcomes = terminal.WithProgress("predicting", files.Count, progress => classifier.Predict(files, progress, cancellation));
            if (parsed.GetValue(json))
            {
                foreach (var outcome in outcomes)
                    terminal.WriteJsonLine(writer => Write(writer, outcome, classifier.Classes));
            }
            else
            {
                Print(terminal, outcomes);
            }

            return Task.FromResult(outcomes.All(outcome => outcome.IsPredicted) ? ExitCode.Done : ExitCode.SomeSkipped);
        });
        return command;
    }

    /// <summary>The path comes last, so that no terminal breaks it in the middle of a table.</summary>
    private static void Print(Terminal terminal, IReadOnlyList<ImageOutcome> outcomes)
    {
        const string Error = "error";
        var width = outcomes.Max(outcome => (outcome.Prediction?.Label ?? Error).Length);
        foreach (var outcome in outcomes)
            terminal.Print(outcome.IsPredicted
                ? string.Create(CultureInfo.InvariantCulture,
                    $"{outcome.Prediction.Probability:0.000}  {outcome.Prediction.Label.PadRight(width)}  {outcome.Path}")
                : $"    -  {Error.PadRight(width)}  {outcome.Path} {outcome.Error}");
    }

    private static void Write(Utf8JsonWriter writer, ImageOutcome outcome, IReadOnlyList<string> classes)
    {
        writer.WriteString("path", outcome.Path);
        if (!outcome.IsPredicted)
        {
            writer.WriteString("error", outcome.Error);
            return;
        }

        writer.WriteString("label", outcome.Prediction.Label);
        writer.WriteNumber("probability", outcome.Prediction.Probability);
        writer.WriteStartObject("probabilities");
        foreach (var name in classes)
            writer.WriteNumber(name, outcome.Prediction[name]);
        writer.WriteEndObject();
    }
}
