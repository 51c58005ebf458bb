using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.LayerSearch;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>What a search for layers found, for people.</summary>
internal static class LayersTable
{
    private static readonly string[] Columns = ["layers kept", "trained", "features", "multiply-adds", "accuracy", "95 % interval", "log-loss", "seconds"];

    /// <summary>One row a choice, from input to output, the recommended one bold; below it why.</summary>
    public static void Print(Terminal terminal, LayerSearchResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Columns[0]).AddColumn(Columns[1]);
        foreach (var column in Columns[2..])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var figures in result.Figures)
        {
            string[] cells = [.. Cells(figures, result).Select(Markup.Escape)];
            table.AddRow(figures == result.Recommended ? [.. cells.Select(cell => $"[bold]{cell}[/]")] : figures.IsComplete ? cells : [.. cells.Select(cell => $"[grey]{cell}[/]")]);
        }
        terminal.Print(FormattableString.Invariant($"Layers of {result.Backbone} compared on {result.Images} images, each predicted by models that had not seen it."));
        terminal.Output.Write(table);
        if (result.Figures.Any(figures => !figures.IsComplete))
            terminal.Print("(given up): trained on fewer folds or for fewer epochs, and left out of the choice.");
        terminal.Print($"Recommended: {result.Recommended.Choice}. {result.Reason}");
        terminal.Print($"Next  mlnettransfer train --data ... --out model.zip {Arguments(result.Recommended.Choice)}");
    }

    /// <summary>The same for a report, with the curve of accuracy along the network.</summary>
    public static ReportContent ForReport(LayerSearchResult result) => new()
    {
        Title = $"Which layers of {result.Backbone}?",
        Verdict = $"{result.Recommended.Choice}. {result.Reason}",
        Curves =
        [
            new ReportCurve
            {
                Title = "Accuracy along the network",
                Meaning = "Left: few layers are kept; right: all. The band is the 95 % interval of frozen layers; dots are choices with trained layers or a hidden layer, placed at the cut up to which layers are kept.",
                XLabel = "share of the network's multiply-adds kept",
                YLabel = "accuracy on images not learnt from",
                Lines = [new("frozen", [.. Frozen(result).Select(figures => PointOf(figures, result))])],
                Points = [.. result.Figures.Where(figures => figures.IsComplete && !IsFrozen(figures)).Select(figures => (PointOf(figures, result), figures.Choice.ToString()))],
            },
        ],
        Tables =
        [
            new ReportTable
            {
                Title = "Every choice that was looked at",
                Meaning = "Cross-validation: every image was predicted by a model that had seen neither it nor a near-duplicate. Choices that were given up were trained on fewer folds or for fewer epochs.",
                Columns = Columns[..^1],
                Rows = [.. result.Figures.Select(figures => Cells(figures, result)[..^1])],
            },
        ],
        Facts = [new("Backbone", result.Backbone), new("Images", FormattableString.Invariant($"{result.Images}"))],
        Skipped = result.Skipped,
    };

    private static IEnumerable<LayerFigures> Frozen(LayerSearchResult result) => result.Figures.Where(IsFrozen);

    private static bool IsFrozen(LayerFigures figures) => figures.Choice is { FineTunedFrom: null, HiddenUnits: 0 };

    private static CurvePoint PointOf(LayerFigures figures, LayerSearchResult result) =>
        new((double)figures.MultiplyAdds / result.Figures.Max(other => other.MultiplyAdds), figures.Accuracy, figures.Interval.Low, figures.Interval.High);

    private static string Arguments(LayerChoice choice) => $"--cut {choice.Cut}{(choice.FineTunedFrom is { } from ? $" --fine-tune {from}" : choice.HiddenUnits > 0 ? $" --fine-tune {choice.Cut}" : "")}{(choice.HiddenUnits > 0 ? FormattableString.Invariant($" --hidden {choice.HiddenUnits}") : "")}";

    private static string[] Cells(LayerFigures figures, LayerSearchResult result) =>
    [
        $"up to {figures.Choice.Cut}{(figures == result.Recommended ? " (recommended)" : figures.IsComplete ? "" : " (given up)")}",
        (figures.Choice.FineTunedFrom is { } from ? $"from {from}" : "none") + (figures.Choice.HiddenUnits == 0 ? "" : FormattableString.Invariant($", {figures.Choice.HiddenUnits} hidden units")),
        FormattableString.Invariant($"{figures.Dimensions}"),
        FormattableString.Invariant($"{figures.MultiplyAdds / 1e6:0} M"),
        FormattableString.Invariant($"{figures.Accuracy:0.000}"),
        FormattableString.Invariant($"{figures.Interval.Low:0.000} to {figures.Interval.High:0.000}"),
        FormattableString.Invariant($"{figures.LogLoss:0.000}"),
        FormattableString.Invariant($"{figures.Seconds:0.0}"),
    ];
}
