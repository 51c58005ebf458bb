using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Images;
using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.LearningCurves;
using Spectre.Console;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>curve</c>: accuracy against the number of labelled photos, with and without transfer.</summary>
internal static class CurveCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, backbone, cut, seed, json, report) = (SharedOptions.Data(), SharedOptions.Backbone(), SharedOptions.Cut(), SharedOptions.Seed(), SharedOptions.Json(), SharedOptions.Report());
        cut.HelpName = "NAME|last";
        cut.Description = "Where the network is cut; layers below are reused.";
        var defaults = new LearningCurveOptions();
        var test = new Option<string?>("--test") { HelpName = "DIR", Description = "Held-out images; without it two fifths of the data are held out." };
        var from = new Option<string?>("--fine-tune") { HelpName = "NAME", Description = "The cut above which layers train where they do; without it about a third of the network." };
        var sizes = new Option<string>("--sizes") { HelpName = "N,N,...", DefaultValueFactory = _ => string.Join(',', defaults.Sizes), Description = "Photos of each class to learn from; all of them are added." };
        var draws = new Option<int>("--draws") { HelpName = "N", DefaultValueFactory = _ => defaults.Draws, Description = "How often photos are drawn for each size." };
        var modes = new Option<string>("--modes") { HelpName = "NAME,...", DefaultValueFactory = _ => string.Join(',', defaults.Modes.Select(Argument)), Description = "What is compared." };
        var epochs = new Option<int?>("--epochs") { HelpName = "N", Description = "Passes over the photos while layers train; 16 without it." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("curve", "Measure what transfer is worth: accuracy against the number of labelled photos.") { data, test, backbone, cut, from, sizes, draws, modes, epochs };
        FineTuningRequest.AddSettingsTo(command, hasBudget: false);
        command.Add(seed);
        command.Add(noCache);
        command.Add(report);
        command.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            OutputFiles.Require([parsed.GetValue(data), parsed.GetValue(test), parsed.GetValue(backbone)], parsed.GetValue(report));
            var images = ImageSet.Read(parsed.GetRequiredValue(data));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            if (parsed.GetValue(cut) == Backbones.Cut.Auto)
                throw new TransferException($"A curve compares ways to learn at one cut; received '{Backbones.Cut.Auto}'. Name one, such as the one that 'mlnettransfer layers' recommends.");
            var options = new LearningCurveOptions
            {
                Transfer = defaults.Transfer with
                {
                    Backbone = SharedOptions.Resolve(parsed.GetValue(backbone)!),
                    Cut = parsed.GetValue(cut)!,
                    Test = parsed.GetValue(test) is { } folder ? ImageSet.Read(folder) : null,
                    Seed = parsed.GetValue(seed),
                    Cache = cache.Cache,
                },
                Sizes = [.. parsed.GetValue(sizes)!.Split(',').Select(SizeOf)],
                Draws = parsed.GetValue(draws),
                Modes = [.. parsed.GetValue(modes)!.Split(',').Select(ModeOf)],
            };
            options = options with { FineTuning = FineTuningRequest.SettingsOf(parsed, parsed.GetValue(from) ?? LearningCurve.DefaultFrom(options.Transfer.Backbone!, options.Transfer.Cut), null) };
            var result = terminal.WithProgress(progress => LearningCurve.Measure(images, options, progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, options.Transfer.Backbone!, result.Warnings);
            terminal.ListSkipped(result.Skipped);
            if (parsed.GetValue(report) is { } file)
                HtmlReport.Write(file, ReportOf(result));
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, result));
            else
                Print(terminal, result);
            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    private static string Argument(LearningMode mode) => LearningCurve.Name(mode).Replace(' ', '-');

    private static LearningMode ModeOf(string name) => Enum.GetValues<LearningMode>().Where(mode => Argument(mode) == name).Cast<LearningMode?>().FirstOrDefault()
        ?? throw new TransferException($"What is compared is some of {string.Join(", ", Enum.GetValues<LearningMode>().Select(Argument))}; received '{name}'.");

    private static int SizeOf(string size) => int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        ? count
        : throw new TransferException($"Sizes are whole numbers of 1 or more with commas between them; received '{size}'.");

    private static void Print(Terminal terminal, LearningCurveResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("photos of a class");
        foreach (var column in Columns(result)[1..])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in Rows(result))
            table.AddRow([.. row.Select(Markup.Escape)]);
        terminal.Print(FormattableString.Invariant($"Accuracy on {result.TestImages} held-out photos with {result.Backbone}, cut at {result.Cut}, trained from {result.FineTunedFrom} where layers train."));
        terminal.Output.Write(table);
        terminal.Print("Mean over draws of the photos learnt from, ± half the 95 % interval of that mean.");
    }

    private static string[] Columns(LearningCurveResult result) => ["photos of a class", .. Modes(result).Select(LearningCurve.Name)];

    private static IEnumerable<LearningMode> Modes(LearningCurveResult result) => result.Points.Select(point => point.Mode).Distinct();

    private static IEnumerable<string[]> Rows(LearningCurveResult result) => result.Points.GroupBy(point => point.ImagesOfClass).OrderBy(same => same.Key).Select(same => new[]
    {
        FormattableString.Invariant($"{same.Key}{(same.First().Accuracies.Count == 1 ? " (all)" : "")}"),
    }.Concat(same.Select(Cell)).ToArray());

    private static string Cell(LearningPoint point) => point.Accuracies.Count == 1
        ? FormattableString.Invariant($"{point.Accuracy:0.000}")
        : FormattableString.Invariant($"{point.Accuracy:0.000} ± {(point.Interval.High - point.Interval.Low) / 2:0.000}");

    private static ReportContent ReportOf(LearningCurveResult result)
    {
        int[] sizes = [.. result.Points.Select(point => point.ImagesOfClass).Distinct().Order()];
        return new ReportContent
        {
            Title = "Does transfer help?",
            Verdict = FormattableString.Invariant($"Accuracy on {result.TestImages} held-out photos against the number of photos learnt from."),
            Curves =
            [
                new ReportCurve
                {
                    Title = "Accuracy against labelled photos",
                    Meaning = "Each line is a way to learn from the same photos; bands are 95 % intervals of the mean over draws of those photos.",
                    XLabel = "labelled photos of each class",
                    YLabel = "accuracy on held-out photos",
                    Ticks = [.. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))],
                    Lines = [.. result.Points.GroupBy(point => point.Mode).Select(line => new CurveLine(LearningCurve.Name(line.Key),
                        [.. line.OrderBy(point => point.ImagesOfClass).Select(point => new CurvePoint(Array.IndexOf(sizes, point.ImagesOfClass), point.Accuracy, point.Interval.Low, point.Interval.High))]))],
                },
            ],
            Tables = [new ReportTable { Title = "The numbers", Meaning = "Mean over draws, ± half the 95 % interval of that mean.", Columns = Columns(result), Rows = [.. Rows(result)] }],
            Facts = [new("Backbone", result.Backbone), new("Cut", result.Cut), new("Trained from", result.FineTunedFrom)],
            Skipped = result.Skipped,
        };
    }

    private static void WriteJson(Utf8JsonWriter writer, LearningCurveResult result)
    {
        writer.WriteString("backbone", result.Backbone);
        writer.WriteString("cut", result.Cut);
        writer.WriteString("fineTunedFrom", result.FineTunedFrom);
        writer.WriteNumber("testImages", result.TestImages);
        writer.WriteStartArray("points");
        foreach (var point in result.Points)
        {
            writer.WriteStartObject();
            writer.WriteString("mode", Argument(point.Mode));
            writer.WriteNumber("imagesOfClass", point.ImagesOfClass);
            writer.WriteNumber("accuracy", point.Accuracy);
            writer.WriteStartArray("interval");
            writer.WriteNumberValue(point.Interval.Low);
            writer.WriteNumberValue(point.Interval.High);
            writer.WriteEndArray();
            writer.WriteStartArray("draws");
            foreach (var accuracy in point.Accuracies)
                writer.WriteNumberValue(accuracy);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        EvaluationTable.WriteSkipped(writer, result.Skipped);
    }
}
