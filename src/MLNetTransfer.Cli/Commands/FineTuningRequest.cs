using System.CommandLine;
using System.CommandLine.Parsing;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.LayerSearch;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>train --fine-tune</c>: the upper layers train too.</summary>
internal static class FineTuningRequest
{
    private const string FineTune = "--fine-tune";
    private const string Epochs = "--epochs";
    private const string Rate = "--learning-rate";
    private const string Augment = "--augment";
    private const string Crop = "--crop";
    private const string Colour = "--colour";
    private const string Views = "--views";
    private const string Checkpoint = "--checkpoint";
    private const string Budget = "--budget";
    private const string Hidden = "--hidden";
    private const string Turns = "turns", Mirror = "mirror", None = "none";

    /// <summary>The options that mean something with --fine-tune alone.</summary>
    public static IReadOnlyList<string> Options { get; } = [FineTune, Hidden, Rate, Augment, Crop, Colour, Views, Checkpoint, Budget];

    /// <summary>Adds the options to <c>train</c>.</summary>
    public static void AddTo(Command train)
    {
        train.Add(new Option<string?>(FineTune) { HelpName = "NAME|auto", Description = $"Train the layers above a cut too ('{FineTuningOptions.FromImage}': all). 'auto': those that 'layers' recommends." });
        train.Add(new Option<int?>(Hidden) { HelpName = "N", Description = "With --fine-tune: units of a hidden layer of the head; none without it." });
        AddSettingsTo(train, condition: $"With {FineTune}: ");
        train.Add(new Option<string?>(Checkpoint) { HelpName = "DIR", Description = "With --fine-tune: where the training is kept, so that it can go on after it was cut off." });
    }

    /// <summary>Adds the options that <c>layers</c> has too, but the number of epochs.</summary>
    public static void AddSettingsTo(Command command, bool hasBudget = true, string condition = "")
    {
        string When(string text) => condition.Length == 0 ? text : $"{condition}{char.ToLowerInvariant(text[0])}{text[1..]}";
        var augment = new Option<string>(Augment) { HelpName = $"{Mirror}|{Turns}|{None}", DefaultValueFactory = _ => Mirror, Description = When($"How photos may be changed while layers train: '{Mirror}', '{Turns}' (also upside down and on their side), '{None}'.") };
        augment.AcceptOnlyFromAmong(Mirror, Turns, None);
        command.Add(new Option<double?>(Rate) { HelpName = "X", Description = When(FormattableString.Invariant($"How far a step may move the weights of trained layers, as a share of their size; {Defaults.LearningRate} without it.")) });
        command.Add(augment);
        command.Add(new Option<double?>(Crop) { HelpName = "X", Description = When("The least share of a photo's area that a random crop of it keeps; all of it without the option.") });
        command.Add(new Option<double?>(Colour) { HelpName = "X", Description = When("How far brightness, contrast and saturation may be changed, such as 0.2; not at all without it.") });
        command.Add(new Option<int?>(Views) { HelpName = "N", Description = When(FormattableString.Invariant($"How many changed versions of a photo there are, itself included; {Defaults.Views} without it.")) });
        if (hasBudget)
            command.Add(new Option<string?>(Budget) { HelpName = "TIME", Description = When("The time after which the search for layers ends with the best found so far, such as 90s, 5m or 1h.") });
    }

    private static FineTuningOptions Defaults { get; } = new() { Cut = Cut.Auto };

    /// <summary>Whether layers are to be trained; its settings without it are an error.</summary>
    public static bool IsMade(ParseResult parsed)
    {
        if (parsed.GetValue<string?>(FineTune) is not null)
            return true;
        if (Options.Append(Epochs).FirstOrDefault(name => parsed.GetResult(name) is OptionResult { Implicit: false }) is { } stranger)
            throw new TransferException($"'{stranger}' belongs to {FineTune}; received no {FineTune}. Add '{FineTune} {Cut.Auto}' or a cut, or leave '{stranger}' out.");
        return false;
    }

    /// <summary>How layers are trained, as the command line says.</summary>
    public static FineTuningOptions SettingsOf(ParseResult parsed, string cut, string? checkpoint) => Defaults with
    {
        Cut = cut,
        Epochs = parsed.GetValue<int?>(Epochs) ?? Defaults.Epochs,
        LearningRate = parsed.GetValue<double?>(Rate) ?? Defaults.LearningRate,
        Augmentation = (parsed.GetValue<string>(Augment) switch { Turns => Augmentation.Turns, None => Augmentation.None, _ => new Augmentation() }) with
        {
            Crop = parsed.GetValue<double?>(Crop) ?? Defaults.Augmentation.Crop,
            Colour = parsed.GetValue<double?>(Colour) ?? Defaults.Augmentation.Colour,
        },
        Views = parsed.GetValue<int?>(Views) ?? Defaults.Views,
        CheckpointFolder = checkpoint,
    };

    /// <summary>Trains as asked.</summary>
    public static TransferResult Train(Terminal terminal, ParseResult parsed, ImageSet images, TransferOptions options, CancellationToken cancellation)
    {
        var from = parsed.GetRequiredValue<string>(FineTune);
        var settings = SettingsOf(parsed, from, parsed.GetValue<string?>(Checkpoint)) with { HiddenUnits = parsed.GetValue<int?>(Hidden) ?? 0 };
        if (from != Cut.Auto && options.Cut != Cut.Auto)
        {
            if (parsed.GetValue<string?>(Budget) is not null)
                throw new TransferException($"'{Budget}' limits the search for layers; received the layers themselves ({options.Cut}, {from}). Leave it out, or ask for '{Cut.Auto}'.");
            return terminal.WithProgress(progress => FineTuner.Train(images, settings, options, progress, cancellation));
        }
        if (from != Cut.Auto)
            throw new TransferException($"With --cut {Cut.Auto} the layers that train are searched for too; received {FineTune} {from}. Give {FineTune} {Cut.Auto}, or name the cut.");
        if (parsed.GetValue<int?>(Hidden) is { } units)
            throw new TransferException($"With {FineTune} {Cut.Auto} a hidden layer is searched for too; received {Hidden} {units}. Leave it out, or name the layers.");
        var search = new LayerSearchOptions { Transfer = options, FineTuning = settings, Budget = BudgetOf(parsed), Keep = options.Cut == Cut.Auto ? null : options.Cut };
        var (result, found) = terminal.WithProgress(progress => LayerSearcher.Train(images, search, progress, cancellation));
        terminal.Say($"Layers: {found.Recommended.Choice}. {found.Reason}");
        return result;
    }

    /// <summary>The time a search may take.</summary>
    public static TimeSpan? BudgetOf(ParseResult parsed)
    {
        if (parsed.GetValue<string?>(Budget) is not { } text)
            return null;
        var unit = text.Length > 1 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return unit > 0 && double.TryParse(text[..^1], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0 && count * unit < int.MaxValue / 1000
            ? TimeSpan.FromSeconds(count * unit)
            : throw new TransferException($"A time is a number above 0 and a unit, such as 90s, 5m or 1h; received '{text}'.");
    }

    /// <summary>What is to be said about trained layers after "cut at X"; nothing when all are frozen.</summary>
    public static string Describe(ModelCard card) => card.FineTuning is not { } tuned ? ""
        : FormattableString.Invariant($", {tuned.Weights:#,0} weights trained from {tuned.From} on{(tuned.HiddenUnits == 0 ? "" : FormattableString.Invariant($", {tuned.HiddenUnits} hidden units"))}");
}
