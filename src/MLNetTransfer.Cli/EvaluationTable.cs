using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Evaluation;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>Evaluations side by side, for people.</summary>
internal static class EvaluationTable
{
    /// <summary>One row an evaluation.</summary>
    public static Table Create(params IEnumerable<(string Name, EvaluationResult Result)> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var column in new[] { "images", "accuracy", "95 % interval", "AUC", "F1", "precision", "recall", "log-loss", "ECE" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (name, result) in rows)
        {
            table.AddRow(
                Markup.Escape(name), result.Images.ToString(CultureInfo.InvariantCulture), $"[bold]{Share(result.Accuracy)}[/]",
                $"{Share(result.AccuracyInterval.Low)} to {Share(result.AccuracyInterval.High)}", result.Auc is { } auc ? Share(auc) : "undefined",
                Share(result.F1), Share(result.Precision), Share(result.Recall), Share(result.LogLoss), Share(result.Ece));
        }

        return table;
    }

    /// <summary>How many images of each class were given each class.</summary>
    public static Table Confusion(ConfusionMatrix confusion)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("actual \\ predicted");
        foreach (var name in confusion.Classes)
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        for (var actual = 0; actual < confusion.Classes.Count; actual++)
        {
            var row = actual;
            table.AddRow([Markup.Escape(confusion.Classes[row]),
                .. Enumerable.Range(0, confusion.Classes.Count).Select(predicted => confusion[row, predicted].ToString(CultureInfo.InvariantCulture))]);
        }

        return table;
    }

    /// <summary>The images that were left out, under the name of the console contract.</summary>
    public static void WriteSkipped(Utf8JsonWriter writer, IReadOnlyList<SkippedImage> skipped)
    {
        writer.WriteStartArray("skipped");
        foreach (var image in skipped)
        {
            writer.WriteStartObject();
            writer.WriteString("path", image.Path);
            writer.WriteString("reason", image.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
