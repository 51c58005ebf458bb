using System.CommandLine;
using System.CommandLine.Parsing;
#if USE_TENSORFLOW
using System.Text.Json;
using Microsoft.ML.Vision;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.TensorFlow;
#endif

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>train --trainer image-classification</c>: ML.NET's own trainer, in builds that have it.</summary>
internal static class ImageClassificationTraining
{
    private const string Trainer = "--trainer";
    private const string Architecture = "--architecture";
    private const string Epochs = "--epochs";
    private const string Own = "linear-head";
    private const string Foreign = "image-classification";

#if USE_TENSORFLOW
    private const bool IsBuiltIn = true;
#else
    private const bool IsBuiltIn = false;
#endif

    /// <summary>Adds the options; those that only this trainer has are hidden where it is not built in.</summary>
    public static void AddTo(Command train)
    {
        var trainer = new Option<string>(Trainer) { HelpName = "NAME", DefaultValueFactory = _ => Own, Description = $"'{Own}', or '{Foreign}': ML.NET's own, where built in." };
        trainer.AcceptOnlyFromAmong(Own, Foreign);
        train.Add(trainer);
        train.Add(new Option<string?>(Architecture) { HelpName = "NAME", Hidden = !IsBuiltIn, Description = $"{Foreign}: ResnetV2101, InceptionV3, MobilenetV2 or ResnetV250 (default)." });
        train.Add(new Option<int?>(Epochs) { HelpName = "N", Description = $"With --fine-tune: passes over the photos; 16 without it.{(IsBuiltIn ? $" {Foreign}: the most of them; 200." : "")}" });
    }

    /// <summary>Whether a command line asks for ML.NET's trainer; options of one trainer with the other are an error.</summary>
    public static bool IsChosen(ParseResult parsed)
    {
        var isForeign = parsed.GetValue<string>(Trainer) == Foreign;
        string[] strangers = isForeign ? ["--backbone", "--cut", "--report", .. FineTuningRequest.Options] : [Architecture];
        if (strangers.FirstOrDefault(name => parsed.GetResult(name) is OptionResult { Implicit: false }) is { } stranger)
            throw new TransferException($"'{stranger}' belongs to --trainer {(isForeign ? Own : Foreign)}; received --trainer {(isForeign ? Foreign : Own)}. Leave one of the two out.");
        return isForeign;
    }

#if USE_TENSORFLOW
    /// <summary>Trains as <c>train</c> does. The model has no card, since no backbone of this library is in it.</summary>
    public static int Run(Terminal terminal, ParseResult parsed, CancellationToken cancellation)
    {
        var (data, test, path) = (parsed.GetRequiredValue<string>("--data"), parsed.GetValue<string?>("--test"), parsed.GetRequiredValue<string>("--out"));
        OutputFiles.Require([data, test], path);
        var options = new ImageClassificationOptions
        {
            Architecture = Parse(parsed.GetValue<string?>(Architecture)),
            Epochs = parsed.GetValue<int?>(Epochs) ?? new ImageClassificationOptions().Epochs,
            Positive = parsed.GetValue<string?>("--positive"),
            Test = test is null ? null : ImageSet.Read(test),
            Seed = parsed.GetValue<int>("--seed"),
        };
        var images = ImageSet.Read(data);
        using var result = terminal.WithProgress(progress => ImageClassificationTransfer.Train(images, options, progress, cancellation));
        result.Save(path);
        terminal.ListSkipped(result.Skipped);
        if (parsed.GetValue<bool>("--json"))
            terminal.WriteJson(writer => WriteJson(writer, result, options));
        else
            Print(terminal, result, options, path);
        return result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done;
    }

    private static ImageClassificationTrainer.Architecture Parse(string? name) =>
        name is null ? new ImageClassificationOptions().Architecture
        : Enum.GetNames<ImageClassificationTrainer.Architecture>().FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse<ImageClassificationTrainer.Architecture>(known)
            : throw new TransferException($"An architecture is one of {string.Join(", ", Enum.GetNames<ImageClassificationTrainer.Architecture>())}; received '{name}'.");

    private static void Print(Terminal terminal, ImageClassificationResult result, ImageClassificationOptions options, string path)
    {
        terminal.Print(FormattableString.Invariant($"Trained on {result.Images} images with ML.NET's {options.Architecture}, cut at its class scores."));
        terminal.Print($"Classes: {string.Join(", ", result.Classes.Select(name => name == result.Positive ? $"{name} (positive)" : name))}.");
        if (result.Test is { } test)
            terminal.Output.Write(EvaluationTable.Create(("held-out test", test.Result)));
        terminal.Print($"Model  {path}");
    }

    private static void WriteJson(Utf8JsonWriter writer, ImageClassificationResult result, ImageClassificationOptions options)
    {
        writer.WriteString("backbone", options.Architecture.ToString());
        writer.WriteString("cut", "logits");
        writer.WriteStartArray("classes");
        foreach (var name in result.Classes)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteString("positive", result.Positive);
        writer.WriteNumber("images", result.Images);
        EvaluationTable.WriteSkipped(writer, result.Skipped);
        if (result.Test is not { } test)
            return;
        writer.WriteStartObject("test");
        EvaluationJson.Write(writer, test.Result);
        writer.WriteEndObject();
    }
#else
    /// <summary>Says how to get a build that has it.</summary>
    public static int Run(Terminal terminal, ParseResult parsed, CancellationToken cancellation) =>
        throw new TransferException($"--trainer {Foreign} needs a build with TensorFlow; this one is without. "
            + "Build src/MLNetTransfer.Cli with -p:UseTensorFlow=true, or leave --trainer out.");
#endif
}
