using System.Globalization;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Reporting;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>A diagnosis for people: the verdict first, then its evidence, then what to do.</summary>
internal static class DiagnosisTable
{
    /// <summary>Classes whose proportions are shown: those that change most.</summary>
    private const int MostClasses = 6;

    public static void Print(Terminal terminal, DiagnosisResult result, string command)
    {
        terminal.Output.MarkupLine($"Scenario: [bold]{DiagnosisJson.NameOf(result.Scenario)}[/], {Markup.Escape(MeaningOf(result.Scenario))}");
        foreach (var reason in result.Reasons)
            terminal.Print($"  {reason}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("source").RightAligned()).AddColumn(new TableColumn("target").RightAligned());
        foreach (var (name, source, target) in Sides(result.Evidence))
            table.AddRow(Markup.Escape(name), Markup.Escape(source), Markup.Escape(target));
        terminal.Output.Write(table);
        var tests = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("found").RightAligned()).AddColumn(new TableColumn("p").RightAligned());
        foreach (var (name, found, p) in Tests(result.Evidence))
            tests.AddRow(Markup.Escape(name), Markup.Escape(found), Markup.Escape(p));
        if (tests.Rows.Count > 0)
            terminal.Output.Write(tests);
        terminal.Print($"Recommended: {result.Recommendation}");
        terminal.Print($"  {command}");
    }

    /// <summary>The same as a report.</summary>
    public static ReportContent ForReport(DiagnosisResult result, string source, string target, string command, DiagnosisOptions options) => new()
    {
        Title = $"Source and target: {DiagnosisJson.NameOf(result.Scenario)}",
        Verdict = $"{char.ToUpperInvariant(MeaningOf(result.Scenario)[0])}{MeaningOf(result.Scenario)[1..]} {result.Recommendation}",
        Diagnosis = result,
        Tables =
        [
            new ReportTable
            {
                Title = "The images",
                Meaning = "What the files say before any network looks at them. Grey: no colour, however stored. Small: a shorter side of fewer pixels than the network looks at. "
                    + "Shares of classes in the target are estimated from predictions of a source head; they hold if the images of a class look the same in both domains.",
                Columns = ["", "source", "target"],
                Rows = [.. Sides(result.Evidence).Select(row => new[] { row.Name, row.Source, row.Target })],
            },
            .. Tests(result.Evidence).ToArray() is { Length: > 0 } tests
                ? [new ReportTable { Title = "The evidence", Meaning = "A p-value says how often two samples of one domain would look as different as these.", Columns = ["", "found", "p"], Rows = [.. tests.Select(row => new[] { row.Name, row.Found, row.P })] }]
                : Array.Empty<ReportTable>(),
        ],
        Facts =
        [
            new("Source", source),
            new("Target", target),
            new("Next command", command),
            new("Backbone", (options.Backbone ?? Backbones.Backbone.Embedded).Name),
            new("Cut", options.Cut),
            new("Permutations", Text($"{options.Permutations}")),
            new("Seed", Text($"{options.Seed}")),
        ],
        Skipped = result.Skipped,
    };

    private static string MeaningOf(Scenario scenario) => scenario switch
    {
        Scenario.None => "the domains are alike.",
        Scenario.FeatureSpace => "the images live in different spaces (X differs).",
        Scenario.DomainAdaptation => "other images, the same question (p(x) differs).",
        Scenario.TaskTransfer => "another question (p(y|x) differs).",
        _ => "these images cannot tell.",
    };

    /// <summary>What is counted in each domain.</summary>
    private static IEnumerable<(string Name, string Source, string Target)> Sides(DiagnosisEvidence evidence)
    {
        var (source, target) = (evidence.FeatureSpace.Source, evidence.FeatureSpace.Target);
        yield return ("images compared", Text($"{evidence.SourceImages}"), Text($"{evidence.TargetImages}"));
        yield return ("labels", "yes", evidence.Classes.IsTargetLabeled ? "yes, by folder" : "no");
        if (evidence.Classes.IsTargetLabeled)
        {
            yield return ("classes in common", List(evidence.Classes.Common), List(evidence.Classes.Common));
            yield return ("classes the other lacks", List(evidence.Classes.SourceOnly), List(evidence.Classes.TargetOnly));
        }
        yield return ("kind of file", Counts(source.Kinds), Counts(target.Kinds));
        yield return ("channels stored", Counts(source.Channels), Counts(target.Channels));
        yield return ("bits a channel", Counts(source.BitDepths), Counts(target.BitDepths));
        yield return ("grey", Share(source.Grey, source.Images), Share(target.Grey, target.Images));
        yield return (Text($"smaller than {evidence.FeatureSpace.Side} pixels"), Share(source.Small, source.Images), Share(target.Small, target.Images));
        yield return ("median size", Text($"{source.Width:0} x {source.Height:0}"), Text($"{target.Width:0} x {target.Height:0}"));
        yield return ("median aspect", Text($"{source.Aspect:0.00}"), Text($"{target.Aspect:0.00}"));
        if (evidence.LabelShift is { AssumptionHolds: false })
            yield return ("shares of the classes", "", "not to be told");
        else if (evidence.LabelShift is { } shift)
            foreach (var (i, name) in shift.Classes.Index().OrderByDescending(entry => Math.Abs(shift.TargetShares[entry.Index] - shift.SourceShares[entry.Index]))
                .Take(MostClasses).OrderBy(entry => entry.Index))
                yield return ($"share of '{name}'", Text($"{shift.SourceShares[i]:0 %}"),
                    Text($"about {shift.TargetShares[i]:0 %} ({shift.Intervals[i].Low:0 %} to {shift.Intervals[i].High:0 %})"));
    }

    /// <summary>What was tested.</summary>
    private static IEnumerable<(string Name, string Found, string P)> Tests(DiagnosisEvidence evidence)
    {
        if (evidence.Marginal is { } marginal)
        {
            yield return ("told apart by a linear classifier (50 % is guessing)", Text($"{1 - marginal.ClassifierError:0.0 %}"), P(marginal.ClassifierPValue));
            yield return ("proxy A-distance (0 to 2)", Text($"{marginal.ADistance:0.00}, at most {marginal.LargestADistance:0.00}"), "");
            yield return ("squared maximum mean discrepancy", Text($"{marginal.Discrepancy:0.0000}"), P(marginal.DiscrepancyPValue));
            yield return ("features that differ by half a deviation", Text($"{marginal.StrongFeatures} of {marginal.Features}, {marginal.StrongFeaturesByChance:0.0} by chance"), "");
        }
        if (evidence.LabelShift is { } shift)
            yield return ("proportions of the classes that a source head predicts", shift.Differs ? "differ" : "alike", P(shift.PValue));
        if (evidence.Conditional is { } heads)
        {
            yield return ("source head, right on the source", Text($"{heads.SourceOnSource:0.0 %}"), "");
            yield return (Text($"source head, right on {heads.Images} labelled target images"), Text($"{heads.SourceHead:0.0 %}"), P(heads.DropPValue));
            yield return ("head of the target on them", Text($"{heads.TargetHead:0.0 %}"), "");
            yield return ("head of both on them", Text($"{heads.PooledHead:0.0 %}"), P(heads.PValue));
        }
    }

    private static string List(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : names.Count <= 3 ? string.Join(", ", names) : Text($"{string.Join(", ", names.Take(2))} and {names.Count - 2} more");

    private static string Counts<T>(IReadOnlyList<KeyValuePair<T, int>> counts) =>
        string.Join(", ", counts.Select(pair => counts.Count == 1 ? Text($"{pair.Key}") : Text($"{pair.Key}: {pair.Value}")));

    private static string Share(int part, int of) => Text($"{(double)part / of:0 %}");

    private static string P(double value) => value < .001 ? "< .001" : Text($"{value:.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
