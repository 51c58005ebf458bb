using System.Globalization;
using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>What an adaptation brought, for people: the model beside the source's classifier, and what it was chosen from.</summary>
internal static class AdaptationTable
{
    public static void Print(Terminal terminal, AdaptationResult result, string path)
    {
        var card = result.Transfer.Model.Card;
        var facts = card.Adaptation!;
        var shots = facts.Shots == 0 ? "" : Text($" and {facts.Shots} labelled");
        terminal.Print(Text($"Adapted from {facts.SourceImages} labelled images to {facts.TargetImages} unlabelled{shots} ones with {card.Backbone}, cut at {card.Cut}."));
        terminal.Print($"Method: {facts.Settings}; {facts.Chosen}.");
        terminal.Print($"Classes: {string.Join(", ", card.Classes.Select(name => name == card.Positive ? $"{name} (positive)" : name))}.");
        terminal.Output.Write(EvaluationTable.Create(Parts(result).Where(part => part.Images is not null).Select(part => (part.Name, part.Images!.Result))));
        if (result.Difference is { } difference)
            terminal.Print(Text($"What the adaptation buys on these test images: {Points(difference.Value)} points (95 % interval {Points(difference.Low)} to {Points(difference.High)})."));
        else
            terminal.Print("No labelled test images of the target (--test): what the adaptation buys is not known.");
        if (result.Choice is not null)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn(Columns(result)[0]);
            foreach (var column in Columns(result)[1..])
                table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
            foreach (var (candidate, cells) in Rows(result))
                table.AddRow([.. cells.Select(Markup.Escape).Select(cell => candidate == result.Choice.Best ? $"[bold]{cell}[/]" : cell)]);
            terminal.Output.Write(table);
            foreach (var candidate in Refused(result.Choice))
                terminal.Print($"{candidate.Method.Name} was refused: {candidate.Refusal}");
            if (result.Comparison is { } comparison)
                terminal.Print(Text($"With the labels of the test images one would have chosen {comparison.Oracle.Method}: {comparison.OracleAccuracy:0.000}."));
        }
        terminal.Print($"Model  {path}");
        terminal.Print($"Card   {TransferModel.CardPathOf(path)}");
    }

    /// <summary>Writes the report; nothing when no file was asked for.</summary>
    public static void Report(string? file, string path, AdaptationResult result)
    {
        var (card, transfer) = (result.Transfer.Model.Card, result.Transfer);
        RunReport.Write(file, $"{string.Join(" or ", card.Classes)}?", path, card, transfer.Test, transfer.Skipped, TableOf(result), Parts(result));
    }

    private static IEnumerable<(string Name, EvaluatedImages? Images)> Parts(AdaptationResult result) =>
        [("target, adapted", result.Transfer.Test), ("target, source only", result.SourceOnly), ("source, cross-validation", result.Transfer.Validation)];

    private static IReadOnlyList<ReportTable> TableOf(AdaptationResult result) => result.Choice is not { } choice ? [] :
    [
        new ReportTable
        {
            Title = "What was chosen from",
            Meaning = $"The best candidate of every method by '{choice.Scorer.Name}': {choice.Scorer.Summary}. Labels of the target were not looked at.",
            Columns = Columns(result),
            Rows = [.. Rows(result).Select(row => row.Cells)],
        },
    ];

    private static string[] Columns(AdaptationResult result) =>
        ["method", $"score ({result.Choice!.Scorer.Name})", .. result.Comparison is null ? Array.Empty<string>() : ["test accuracy"]];

    /// <summary>The best candidate of every method that applied, the best method first.</summary>
    private static IEnumerable<(AdaptationCandidate Candidate, string[] Cells)> Rows(AdaptationResult result) =>
        from candidate in result.Choice!.Candidates.Where(candidate => candidate.Model is not null)
            .GroupBy(candidate => candidate.Method.Name).Select(same => same.MaxBy(candidate => candidate.Score)!).OrderByDescending(candidate => candidate.Score)
        select (candidate, (string[])
        [
            $"{candidate.Method}", candidate.Score is { } score ? Text($"{score:G4}") : "not judged", .. result.Comparison is { } comparison ? [Text($"{comparison.Accuracies[candidate]:0.000}")] : Array.Empty<string>(),
        ]);

    /// <summary>The methods of which no candidate applied.</summary>
    private static IEnumerable<AdaptationCandidate> Refused(AdaptationChoice choice) =>
        choice.Candidates.GroupBy(candidate => candidate.Method.Name).Where(same => same.All(candidate => candidate.Model is null)).Select(same => same.First());

    private static string Points(double difference) => Text($"{100 * difference:+0.0;-0.0;0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
