using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Evaluation;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>Evaluations side by side, for people.</summary>
internal static class EvaluationTable
{
    private const int MostConfused = 10;

    private static readonly (string Name, Func<EvaluationResult, string> Value)[] Figures =
    [
        ("images", result => Count(result.Images)),
        ("[bold]accuracy[/]", result => $"[bold]{Share(result.Accuracy)}[/]"),
        ("95 % interval", result => $"{Share(result.AccuracyInterval.Low)} to {Share(result.AccuracyInterval.High)}"),
        ("AUC", result => result.Auc is { } auc ? Share(auc) : "undefined"),
        ("F1", result => Share(result.F1)),
        ("precision", result => Share(result.Precision)),
        ("recall", result => Share(result.Recall)),
        ("log-loss", result => Share(result.LogLoss)),
        ("Brier score", result => Share(result.Brier)),
        ("calibration error", result => Share(result.Ece)),
    ];

    /// <summary>One column an evaluation, one row a figure: narrow enough for a terminal of 80 columns.</summary>
    public static Table Create(params IEnumerable<(string Name, EvaluationResult Result)> evaluations)
    {
        (string Name, EvaluationResult Result)[] columns = [.. evaluations];
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var (name, _) in columns)
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        foreach (var (name, value) in Figures)
            table.AddRow([name, .. columns.Select(column => value(column.Result))]);
        return table;
    }

    /// <summary>How many images of each class were given each class; only the most confused classes where that would not fit.</summary>
    /// <param name="confusion">The counts.</param>
    /// <param name="width">The characters a line has room for.</param>
    public static Table Confusion(ConfusionMatrix confusion, int width)
    {
        const string Corner = "actual \\ predicted";
        const int Padding = 3;
        var longest = confusion.Classes.Max(name => name.Length);
        var needed = Math.Max(Corner.Length, longest) + confusion.Classes.Sum(name => name.Length + Padding) + Padding;
        if (needed > width)
            return Confused(confusion);
        var table = new Table().Border(TableBorder.Simple).AddColumn(Corner);
        foreach (var name in confusion.Classes)
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        foreach (var (actual, name) in confusion.Classes.Index())
            table.AddRow([Markup.Escape(name), .. confusion.Classes.Select((_, predicted) => Count(confusion[actual, predicted]))]);
        return table;
    }

    private static Table Confused(ConfusionMatrix confusion)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("most confused: actual").AddColumn("predicted").AddColumn(new TableColumn("images").RightAligned());
        var pairs =
            from actual in Enumerable.Range(0, confusion.Classes.Count)
            from predicted in Enumerable.Range(0, confusion.Classes.Count)
            where actual != predicted && confusion[actual, predicted] > 0
            orderby confusion[actual, predicted] descending
            select (confusion.Classes[actual], confusion.Classes[predicted], confusion[actual, predicted]);
        foreach (var (actual, predicted, count) in pairs.Take(MostConfused))
            table.AddRow(Markup.Escape(actual), Markup.Escape(predicted), Count(count));
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

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
