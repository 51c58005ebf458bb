using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Explanation;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>predict</c>: one line an image.</summary>
internal static class PredictCommand
{
    private const string ByClassActivation = "cam";
    private const string ByOcclusion = "occlusion";
    private const string ByGradient = "grad-cam";

    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var model = new Option<string>("--model") { Required = true, HelpName = "model.zip", Description = "The model file." };
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "Image files, or folders of them." };
        var explain = new Option<string?>("--explain") { HelpName = "DIR", Description = "Write what each prediction rests on into this folder: NAME.explain.png, red speaks for the class." };
        var explainBy = new Option<string?>("--explain-by")
        {
            HelpName = $"{ByClassActivation}|{ByOcclusion}|{ByGradient}",
            Description = "How: 'cam' is exact and fast, 'occlusion' covers place after place and works for every cut, 'grad-cam' takes gradients at any map. Without it cam where the cut allows it.",
        };
        explainBy.AcceptOnlyFromAmong(ByClassActivation, ByOcclusion, ByGradient);
        var explainAt = new Option<string?>("--explain-at") { HelpName = "TENSOR", Description = "With grad-cam: the map of the network to look at, such as the tensor of a cut; its last map without it." };
        var command = new Command("predict", "Predict photos: a line each, bad ones with their error.") { model, paths, explain, explainBy, explainAt, json };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(explain);
            if (folder is null && parsed.GetValue(explainBy) is not null)
                throw new TransferException("--explain-by says how --explain works; --explain was not given. Name a folder with --explain.");
            if (parsed.GetValue(explainAt) is not null && parsed.GetValue(explainBy) != ByGradient)
                throw new TransferException($"--explain-at names the map for --explain-by {ByGradient}; that was not given. Add it, or leave --explain-at out.");
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths));
            using var classifier = ImageClassifier.Load(parsed.GetRequiredValue(model));
            if (folder is not null)
                ExplanationFiles.Require(folder);
            var outcomes = terminal.WithProgress("predicting", files.Count, progress => classifier.Predict(files, progress, cancellation));
            var (explanations, skipped) = folder is null ? (null, []) : Explain(terminal, parsed.GetRequiredValue(model), outcomes, folder, parsed.GetValue(explainBy), parsed.GetValue(explainAt), cancellation);
            if (parsed.GetValue(json))
            {
                foreach (var (row, outcome) in outcomes.Index())
                    terminal.WriteJsonLine(writer => Write(writer, outcome, classifier.Classes, explanations?[row]));
            }
            else
            {
                Print(terminal, outcomes);
            }

            terminal.ListSkipped(skipped);
            return Task.FromResult(skipped.Count == 0 && outcomes.All(outcome => outcome.IsPredicted) ? ExitCode.Done : ExitCode.SomeSkipped);
        });
        return command;
    }

    private static (IReadOnlyList<string?>? Files, IReadOnlyList<SkippedImage> Skipped) Explain(
        Terminal terminal, string model, IReadOnlyList<ImageOutcome> outcomes, string folder, string? by, string? at, CancellationToken cancellation)
    {
        if (by == ByGradient)
        {
            using var gradients = GradientExplainer.Load(model, at);
            return Write(path => gradients.Explain(path));
        }
        var options = new ExplanationOptions { Method = by switch { ByClassActivation => ExplanationMethod.ClassActivation, ByOcclusion => ExplanationMethod.Occlusion, _ => null } };
        using var explainer = ImageExplainer.Load(model);
        return Write(path => explainer.Explain(path, options, cancellation));

        (IReadOnlyList<string?>, IReadOnlyList<SkippedImage>) Write(Func<string, ImageExplanation> explain) =>
            terminal.WithProgress("explaining", outcomes.Count, progress => ExplanationFiles.Write(explain, outcomes, folder, progress, cancellation));
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

    private static void Write(Utf8JsonWriter writer, ImageOutcome outcome, IReadOnlyList<string> classes, string? explanation)
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
        if (explanation is not null)
            writer.WriteString("explanation", explanation);
    }
}
