using System.Globalization;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Reporting;
using MLNetTransfer.Torch.Experiments;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>What an experiment found, for people: on the terminal, and as a report.</summary>
internal static class ExperimentTable
{
    private const int MostPairColumns = 6;

    public static void Print(Terminal terminal, ExperimentResult result)
    {
        var experiment = result.Experiment;
        terminal.Print(experiment.Title);
        foreach (var comparison in result.Comparisons)
        {
            terminal.Print("");
            terminal.Print(Text($"Features of {comparison.Backbone}, cut at {comparison.Cut} ({comparison.Dimensions}); percent right{(experiment.Seeds.Count > 1 ? Text($", means over {experiment.Seeds.Count} seeds") : "")}."));
            foreach (var pair in comparison.Pairs)
                terminal.Print($"  {Describe(pair)}");
            Write(terminal, Defaults(experiment, comparison));
            foreach (var line in Legend(comparison))
                terminal.Print(line);
            Write(terminal, Choices(experiment, comparison));
            foreach (var line in (string[])[.. HowChosen(experiment), .. Notes(comparison), "", Verdict(experiment, comparison)])
                terminal.Print(line);
        }
    }

    public static ReportContent ForReport(ExperimentResult result)
    {
        var experiment = result.Experiment;
        string Of(ExperimentComparison comparison) => result.Comparisons.Count == 1 ? "" : $" ({comparison.Backbone}, {comparison.Cut})";
        return new ReportContent
        {
            Title = experiment.Title,
            Verdict = string.Join(' ', result.Comparisons.Select(comparison => $"{Verdict(experiment, comparison)}{Of(comparison)}")),
            Bars = [.. result.Comparisons.Select(comparison => Bars(comparison, Of(comparison)))],
            Scatters = [.. result.Comparisons.SelectMany(comparison => Scatters(comparison, Of(comparison)))],
            Tables = [.. result.Comparisons.SelectMany(comparison => new[] { (Defaults(experiment, comparison), string.Join(' ', Legend(comparison))), (Choices(experiment, comparison), string.Join(' ', HowChosen(experiment).Concat(Notes(comparison)))), (Pairs(comparison), "What was learnt from, adapted to and tested on.") }
                .Select(table => new ReportTable { Title = table.Item1.Title + Of(comparison), Meaning = table.Item2, Columns = table.Item1.Columns, Rows = table.Item1.Rows }))],
            Facts =
            [
                new("Backbones", string.Join(", ", result.Comparisons.Select(comparison => $"{comparison.Backbone} ({comparison.BackboneSha256})").Distinct())),
                new("Cuts", string.Join(", ", result.Comparisons.Select(comparison => comparison.Cut).Distinct())),
                new("Seeds", string.Join(", ", experiment.Seeds.Select(seed => Text($"{seed}")))),
                new("Scaling of features", Text($"{experiment.Scaling}")),
                new("Classifier", experiment.L2 is { } l2 ? Text($"logistic regression, L2 = {l2}") : "logistic regression, its strength chosen by cross-validation on the training rows"),
                .. experiment.Shots > 0 ? new ReportFact[] { new("Labelled images of each class of the target", Text($"{experiment.Shots}, for the methods that learn from them; nothing is tested on them")) } : [],
            ],
            Skipped = result.Skipped,
        };
    }

    private static string Describe(ExperimentPair pair) => Text($"{pair.Source} -> {pair.Target}: {pair.SourceImages} labelled, {pair.TargetImages} unlabelled{(pair.Shots > 0 ? Text($" and {pair.Shots} labelled") : "")}, ")
        + (pair.IsTransductive ? "tested on the unlabelled ones (transductive)" : Text($"tested on {pair.TestImages} others")) + Text($"; proxy A-distance {pair.ADistance:0.00}");

    /// <summary>Every method as it is: pair by pair, mean, test against the source's classifier, rank.</summary>
    private static Cells Defaults(Experiment experiment, ExperimentComparison comparison)
    {
        var hasPairs = comparison.Pairs.Count is > 1 and <= MostPairColumns;
        string[] columns =
        [
            "method", .. hasPairs ? comparison.Pairs.Select(pair => $"{pair.Source} -> {pair.Target}") : [], comparison.Pairs.Count > 1 ? "mean" : "accuracy", "95 % interval", "against none", "95 % interval",
            .. comparison.Pairs.Count > 1 ? new[] { "better", "worse" } : [], .. TestOf(comparison) is { } test ? new[] { test } : [], "gap", "rank",
        ];
        var rows = comparison.Entries.Where(entry => entry.Choice is ExperimentEntry.ByDefault or ExperimentEntry.ByNothing).Select(entry => (IReadOnlyList<string>)
        [
            entry.Method + (entry.Applied < entry.Pairs.Count ? Text($" ({entry.Applied} of {entry.Pairs.Count} pairs)") : ""),
            .. hasPairs ? entry.Pairs.Select(pair => Percent(pair.Accuracy)) : [],
            Percent(entry.Accuracy),
            entry.Applied == 0 ? "refused" : Text($"{100 * entry.AccuracyInterval.Low:0.0} to {100 * entry.AccuracyInterval.High:0.0}"),
            .. IsFloor(entry) || entry.Applied == 0 ? new[] { "", "" } : [Points(entry.Difference.Value), $"{Points(entry.Difference.Low)} to {Points(entry.Difference.High)}"],
            .. comparison.Pairs.Count > 1 ? IsFloor(entry) ? ["", ""] : new[] { Text($"{entry.Better}"), Text($"{entry.Worse}") } : [],
            .. TestOf(comparison) is null ? Array.Empty<string>() : [entry.PValue is { } p && !IsFloor(entry) ? p < .0001 ? "< .0001" : Text($"{p:0.0000}") : ""],
            Gap(entry, comparison),
            entry.Rank is { } rank ? Text($"{rank:0.0}") : "",
        ]);
        return new Cells($"Every method with its default hyper-parameters{(experiment.Seeds.Count > 1 ? Text($", mean over {experiment.Seeds.Count} seeds") : "")}", columns, [.. rows]);
    }

    /// <summary>The mean accuracy of every method by what chose its hyper-parameters.</summary>
    private static Cells Choices(Experiment experiment, ExperimentComparison comparison)
    {
        string[] choices = [ExperimentEntry.ByDefault, .. experiment.Scorers.Select(scorer => scorer.Name), ExperimentEntry.ByTestLabels];
        string Cell(string method, string choice) => comparison.Find(method, choice) is { } entry ? Percent(entry.Accuracy) + (entry.Pairs.Any(pair => pair.Unjudged > 0) ? "*" : "") : "";
        var rows = experiment.Methods.Select(method => method.Label).Append(ExperimentEntry.Auto).Select(method => (IReadOnlyList<string>)
            [method, .. choices.Select(choice => method == experiment.Methods[0].Label ? Cell(method, ExperimentEntry.ByNothing) : Cell(method, choice))]);
        return new Cells("What chooses the hyper-parameters", ["method", .. choices.Select(choice => choice == ExperimentEntry.ByDefault ? choice : $"by {choice}")], [.. rows]);
    }

    private static Cells Pairs(ExperimentComparison comparison) => new("The pairs", ["pair", "labelled", "unlabelled", "few labelled", "tested on", "of these adapted to", "proxy A-distance"],
    [
        .. comparison.Pairs.Select(pair => (IReadOnlyList<string>)
        [
            $"{pair.Source} -> {pair.Target}", Text($"{pair.SourceImages}"), Text($"{pair.TargetImages}"), Text($"{pair.Shots}"), Text($"{pair.TestImages}"), pair.IsTransductive ? "all (transductive)" : "none",
            Text($"{pair.ADistance:0.00}"),
        ]),
    ]);

    private static IEnumerable<string> Legend(ExperimentComparison comparison)
    {
        if (comparison.Pairs.Count > 1)
            yield return "Better, worse: on how many pairs McNemar's exact test against none finds a difference at 5 %.";
        yield return comparison.Pairs.Count == 1 ? "p: McNemar's exact test against none, not corrected for the number of methods."
            : TestOf(comparison) is null ? Text($"No test over pairs: with {comparison.Pairs.Count} Wilcoxon's cannot fall below .05.")
            : "p: Wilcoxon's signed-rank test over the pairs, exact, not corrected for the number of methods.";
        yield return "Intervals are over test images. Gap: the share of the way from none to oracle, where that is a point or more.";
        yield return $"{ExperimentRunner.Oracle}: trained on labels of the target{(comparison.Find(ExperimentRunner.ShotsOnly, ExperimentEntry.ByNothing) is null ? "" : $"; {ExperimentRunner.ShotsOnly}: on the few alone")}.";
    }

    private static IEnumerable<string> HowChosen(Experiment experiment)
    {
        yield return $"{ExperimentEntry.ByDefault}: hyper-parameters as the file or the method has them.";
        foreach (var scorer in experiment.Scorers)
            yield return $"by {scorer.Name}: {scorer.Summary}; without labels of the target.";
        yield return $"by {ExperimentEntry.ByTestLabels}: the best afterwards, which no user has.";
        yield return $"{ExperimentEntry.Auto}: the method is chosen as well.";
    }

    private static IEnumerable<string> Notes(ExperimentComparison comparison)
    {
        if (comparison.Entries.Any(entry => entry.Pairs.Any(pair => pair.Unjudged > 0)))
            yield return "*: in some cases the scorer could judge no candidate; the default was taken there, none by auto.";
        foreach (var entry in comparison.Entries.Where(entry => entry.Choice is ExperimentEntry.ByDefault or ExperimentEntry.ByNothing))
            if (entry.Pairs.FirstOrDefault(pair => pair.Refusal is not null) is { } refused)
                yield return $"{entry.Method} was refused: {refused.Refusal}";
    }

    private static string Verdict(Experiment experiment, ExperimentComparison comparison)
    {
        ExperimentEntry floor = comparison.Entries[0], ceiling = comparison.Entries[^1];
        var parts = new List<string> { Text($"Source only: {Percent(floor.Accuracy)} % right; trained on the target's labels: {Percent(ceiling.Accuracy)} %.") };
        if (comparison.Entries.Where(entry => entry is { Choice: ExperimentEntry.ByDefault, Applied: > 0 }).MaxBy(entry => entry.Accuracy) is { } best)
            parts.Add(Text($"Best with its defaults, as test labels say: {best.Method}, {Percent(best.Accuracy)} %."));
        foreach (var scorer in experiment.Scorers.Take(1))
            if (comparison.Find(ExperimentEntry.Auto, scorer.Name) is { Applied: > 0 } auto)
                parts.Add(Text($"Chosen by {scorer.Name} without them: {Percent(auto.Accuracy)} %."));
        return string.Join(' ', parts);
    }

    private static ReportBars Bars(ExperimentComparison comparison, string of) => new()
    {
        Title = $"Accuracy with default hyper-parameters{of}",
        Meaning = "Mean over pairs and seeds, with its 95 % interval over test images. Dashed: what is to be beaten (none, the source's classifier as it is) and what labels of the target would bring (oracle).",
        Label = "percent right",
        Bars = [.. comparison.Entries.Where(entry => entry is { Choice: ExperimentEntry.ByDefault, Applied: > 0 }).OrderByDescending(entry => entry.Accuracy).Select(entry => (entry.Method, entry.Accuracy, entry.AccuracyInterval))],
        Lines = [.. comparison.Entries.Where(entry => entry is { Choice: ExperimentEntry.ByNothing, Applied: > 0 }).Select(entry => (entry.Method, entry.Accuracy))],
    };

    private static IEnumerable<ReportScatter> Scatters(ExperimentComparison comparison, string of)
    {
        foreach (var pair in comparison.Pairs.Where(pair => pair.Embedding is not null))
        {
            string[] classes = [.. pair.Embedding!.Before.Select(image => image.Class).Distinct().Order(StringComparer.Ordinal)];
            ScatterPlot Plane(string title, IReadOnlyList<EmbeddedImage> images) => new()
            {
                Title = title,
                XLabel = "first component",
                YLabel = "second component",
                Points = [.. images.Select(image => new ScatterPoint(image.First, image.Second, Array.IndexOf(classes, image.Class), !image.IsTarget))],
            };
            yield return new ReportScatter
            {
                Title = $"{pair.Source} -> {pair.Target}{of}",
                Meaning = "The two directions in which the features of both domains vary most, in standard deviations; the classes may lie apart in others. Of the methods that move features the one of the best mean was taken, which test labels say.",
                Plots = [Plane("Before", pair.Embedding.Before), Plane($"After {pair.Embedding.Method}", pair.Embedding.After)],
                Colours = classes,
                Fills = ("source", "target (test images)"),
            };
        }
        if (comparison.Pairs.Count > 1)
            yield return new ReportScatter
            {
                Title = $"How far the domains are apart, and what that costs{of}",
                Meaning = "One point a pair: the proxy A-distance of the features (0: a linear classifier cannot tell the domains apart; 2: it always can) against the accuracy of the source's classifier as it is.",
                Plots =
                [
                    new ScatterPlot
                    {
                        Title = "Source only",
                        XLabel = "proxy A-distance",
                        YLabel = "percent right",
                        X = new Interval(0, 2),
                        // Fifths of it are round.
                        Y = new Interval(25 * Math.Floor(4 * comparison.Entries[0].Pairs.Min(pair => pair.Accuracy) - 1e-9), 100),
                        Points = [.. comparison.Pairs.Zip(comparison.Entries[0].Pairs, (pair, outcome) => new ScatterPoint(pair.ADistance, 100 * outcome.Accuracy, Text: $"{pair.Source} -> {pair.Target}"))],
                    },
                ],
            };
    }

    private static bool IsFloor(ExperimentEntry entry) => entry is { Choice: ExperimentEntry.ByNothing, Rank: not null };

    private static string? TestOf(ExperimentComparison comparison) => comparison.Pairs.Count == 1 || comparison.Entries.Any(entry => entry.PValue is not null) ? "p" : null;

    private static string Gap(ExperimentEntry entry, ExperimentComparison comparison)
    {
        double floor = comparison.Entries[0].Accuracy, ceiling = comparison.Entries[^1].Accuracy;
        return entry.Rank is null || IsFloor(entry) || entry.Applied < entry.Pairs.Count || ceiling - floor < .01 ? "" : Text($"{100 * (entry.Accuracy - floor) / (ceiling - floor):0} %");
    }

    private static void Write(Terminal terminal, Cells cells)
    {
        terminal.Print("");
        terminal.Print($"{cells.Title}:");
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(cells.Columns[0]));
        foreach (var column in cells.Columns.Skip(1))
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        foreach (var row in cells.Rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        terminal.Output.Write(table);
    }

    private static string Percent(double share) => double.IsNaN(share) ? "" : Text($"{100 * share:0.0}");

    private static string Points(double difference) => Text($"{100 * difference:+0.0;-0.0;0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Cells(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
}
