using System.Globalization;
using MLNetTransfer.Torch.Experiments;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>What an experiment found, for people.</summary>
internal static class ExperimentTable
{
    public static void Print(Terminal terminal, ExperimentResult result)
    {
        foreach (var comparison in result.Comparisons)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("method");
            foreach (var column in new[] { "choice", "accuracy", "interval", "difference", "p", "better", "worse", "rank", "applied" })
                table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var entry in comparison.Entries)
                table.AddRow(entry.Method, entry.Choice, Text($"{100 * entry.Accuracy:0.0}"), Text($"{100 * entry.AccuracyInterval.Low:0.0} to {100 * entry.AccuracyInterval.High:0.0}"), Text($"{100 * entry.Difference.Value:+0.0;-0.0;0.0}"),
                    Text($"{entry.PValue:0.000}"), Text($"{entry.Better}"), Text($"{entry.Worse}"), Text($"{entry.Rank:0.0}"), Text($"{entry.Applied}"));
            terminal.Output.Write(table);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
