using MLNetTransfer.Reporting;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>The cuts a training chose among, for people.</summary>
internal static class CutTable
{
    private static readonly string[] Columns = ["cut", "features", "accuracy", "95 % interval", "log-loss"];

    /// <summary>One row a cut, from input to output, the chosen one bold.</summary>
    public static Table Create(ModelCard card)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Columns[0]);
        foreach (var column in Columns[1..])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var cut in card.CutSelection)
        {
            string[] cells = [.. Cells(card, cut).Select(Markup.Escape)];
            table.AddRow(cut.Name == card.Cut ? [.. cells.Select(cell => $"[bold]{cell}[/]")] : cells);
        }
        return table;
    }

    /// <summary>The same for a report; none when the cut was given.</summary>
    public static IReadOnlyList<ReportTable> ForReport(ModelCard card) => card.CutSelection.Count == 0 ? [] :
    [
        new ReportTable
        {
            Title = "Where the network was cut",
            Meaning = "Cross-validation on the training images, from input to output. The choice was made by these figures, which makes those of the chosen cut "
                + "a little too good; the figures above were made without the images they are about.",
            Columns = Columns,
            Rows = [.. card.CutSelection.Select(cut => Cells(card, cut))],
        },
    ];

    private static string[] Cells(ModelCard card, CutFigures cut) =>
    [
        cut.Name == card.Cut ? $"{cut.Name} (chosen)" : cut.Name,
        FormattableString.Invariant($"{cut.Dimensions}"),
        FormattableString.Invariant($"{cut.Accuracy:0.000}"),
        FormattableString.Invariant($"{cut.Interval.Low:0.000} to {cut.Interval.High:0.000}"),
        FormattableString.Invariant($"{cut.LogLoss:0.000}"),
    ];
}
