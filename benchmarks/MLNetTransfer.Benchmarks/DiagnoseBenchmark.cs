using System.Globalization;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// How often a diagnosis is right where the truth is known. False alarms: halves of one domain, any scenario but "none" and "unknown" is one. Power: other domains,
/// altered images, altered labels, other proportions of classes. Features are computed once, so that hundreds of splits take minutes.
/// </summary>
internal static class DiagnoseBenchmark
{
    private const string Usage = "Usage: -- diagnose [--repeat N] [--permutations N] [--backbone FILE] [--only false-alarms|pairs|images|labels|proportions]";
    private const string Columns = "none | unknown | domain-adaptation | feature-space | task-transfer | median A-distance |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (repeat, permutations, backbone, only) = (200, 199, (string?)null, (string?)null);
        for (var i = 0; i < args.Count; i += 2)
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--repeat", { } text) when int.TryParse(text, out var number) && number > 0: repeat = number; break;
                case ("--permutations", { } text) when int.TryParse(text, out var number) && number > 98: permutations = number; break;
                case ("--backbone", { } file): backbone = file; break;
                case ("--only", { } part): only = part; break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        using var sets = new DiagnoseSets(backbone is null ? Backbones.Backbone.Embedded : Backbones.Backbone.Load(backbone));
        var trial = new Trial(sets, repeat, permutations, output);
        foreach (var (name, part) in new (string, Action<Trial>)[]
            { ("false-alarms", FalseAlarms), ("pairs", Pairs), ("images", AlteredImages), ("labels", AlteredLabels), ("proportions", OtherProportions) })
            if (only is null || only == name)
                part(trial);
        return 0;
    }

    private static void FalseAlarms(Trial trial)
    {
        trial.Title("Two parts of one domain, drawn at random, the target labelled too");
        var (alarms, runs) = (0, 0);
        foreach (var set in trial.Sets.Names)
            foreach (var (sources, targets) in new[] { (int.MaxValue, int.MaxValue), (30, 30), (100, 20) })
            {
                var counts = trial.Row(FormattableString.Invariant($"{set}, {(sources == int.MaxValue ? "halves" : $"{sources} + {targets}")}"), random =>
                {
                    // Of ten classes, few images of the source lack some: truly another question, no false alarm.
                    var (source, target) = trial.Sets.Split(set, sources, targets, random);
                    return (source, target.Classes!.Except(source.Classes!).Any() ? target with { Labels = null } : target);
                });
                alarms += counts.Where(pair => pair.Key is not (Scenario.None or Scenario.Unknown)).Sum(pair => pair.Value);
                runs += counts.Values.Sum();
            }
        var interval = Interval.Wilson(alarms, runs);
        trial.Line(FormattableString.Invariant($"False alarms: {alarms} of {runs}, {100.0 * alarms / runs:0.0} % (95 % interval {100 * interval.Low:0.0} to {100 * interval.High:0.0} %)."));
    }

    private static void Pairs(Trial trial)
    {
        trial.Title("One domain against another, the target unlabelled; 150, 50 and 20 images of each");
        foreach (var (source, target) in trial.Sets.Pairs)
            foreach (var count in new[] { 150, 50, 20 })
                trial.Row($"{source} -> {target}", random => (trial.Sets.Draw(source, count, random), trial.Sets.Draw(target, count, random) with { Labels = null }));
        trial.Title("The same with all labels of the target: adaptation, not another task");
        foreach (var (source, target) in trial.Sets.Pairs)
            trial.Row($"{source} -> {target}", random => (trial.Sets.Draw(source, 150, random), trial.Sets.Draw(target, 150, random)));
    }

    private static void AlteredImages(Trial trial)
    {
        trial.Title("Half of concrete against the other half, altered; the target labelled too");
        foreach (var alteration in DiagnoseSets.Alterations)
            trial.Row(alteration.Name, random =>
            {
                var (source, target) = trial.Sets.Halves("concrete", random);
                return (trial.Sets.Rows("concrete", source), trial.Sets.Altered("concrete", alteration, target));
            });
    }

    private static void AlteredLabels(Trial trial)
    {
        trial.Title("Half of a domain against the other half, some of its labels exchanged");
        foreach (var (set, labelled) in new[] { ("concrete", 150), ("concrete", 60), ("concrete", 30), ("flowers", 150), ("flowers", 60) })
            foreach (var share in new[] { 1, .5, .25 })
                if (trial.Sets.Names.Contains(set))
                    trial.Row(FormattableString.Invariant($"{set}, {share:0 %} exchanged"), random =>
                    {
                        var (source, target) = trial.Sets.Split(set, int.MaxValue, labelled, random);
                        return (source, Exchange(target, share, random));
                    });
        foreach (var (source, target) in trial.Sets.Pairs.Where(pair => pair.Source != "amazon"))
            trial.Row($"{source} -> {target}, 100 % exchanged", random => (trial.Sets.Draw(source, 150, random), Exchange(trial.Sets.Draw(target, 150, random), 1, random)));
    }

    private static DomainSample Exchange(DomainSample sample, double share, RandomStream random)
    {
        var classes = sample.Classes!;
        return sample with { Labels = [.. sample.Labels!.Select(label => random.NextDouble() < share ? classes[label == classes[0] ? 1 : 0] : label)] };
    }

    private static void OtherProportions(Trial trial)
    {
        trial.Title("Half of a domain against the other half with other proportions of its two classes, unlabelled");
        foreach (var set in new[] { "concrete", "flowers" }.Intersect(trial.Sets.Names))
            foreach (var share in new[] { .5, .7, .8, .9, 1 })
            {
                var (covered, estimated, differing, explained) = (0, 0, 0, 0);
                trial.Row(FormattableString.Invariant($"{set}, {share:0 %} of the first class"), random =>
                {
                    var (source, target) = trial.Sets.Split(set, int.MaxValue, int.MaxValue, random);
                    return (source, DiagnoseSets.WithShare(target, share) with { Labels = null });
                }, evidence =>
                {
                    if (evidence.LabelShift is not { } shift)
                        return;
                    estimated++;
                    covered += shift.Intervals[0].Low <= share && share <= shift.Intervals[0].High ? 1 : 0;
                    differing += shift.Differs ? 1 : 0;
                    explained += shift is { Differs: true, AssumptionHolds: true } ? 1 : 0;
                });
                trial.Line(FormattableString.Invariant($"| ... its interval holds the truth | {covered} of {estimated}; called different {differing}, of which explained by proportions {explained} |"));
            }
    }

    /// <summary>Repeats a problem on many draws and counts what is said.</summary>
    private sealed class Trial(DiagnoseSets sets, int repeat, int permutations, TextWriter output)
    {
        public DiagnoseSets Sets => sets;

        public void Line(string text) => output.WriteLine(text);

        public void Title(string text) => output.WriteLine($"\n{text}, {repeat} draws, {permutations} permutations\n\n| | images | {Columns}");

        public Dictionary<Scenario, int> Row(string name, Func<RandomStream, (DomainSample Source, DomainSample Target)> draw, Action<DiagnosisEvidence>? look = null)
        {
            var counts = Enum.GetValues<Scenario>().ToDictionary(scenario => scenario, _ => 0);
            var distances = new List<double>();
            var sizes = "";
            var results = new DiagnosisResult[repeat];
            for (var i = 0; i < repeat; i++)
            {
                var (source, target) = draw(RandomStream.Derive(i, name));
                results[i] = DiagnosisRule.Decide(DomainExamination.Examine(source, target, sets.Side, permutations, i));
                sizes = $"{source.Paths.Count} + {target.Paths.Count}";
            }
            foreach (var result in results)
            {
                counts[result.Scenario]++;
                distances.Add(result.Evidence.Marginal?.ADistance ?? 0);
                look?.Invoke(result.Evidence);
            }
            string Share(Scenario scenario) => (100.0 * counts[scenario] / repeat).ToString("0.0", CultureInfo.InvariantCulture);
            output.WriteLine($"| {name} | {sizes} | {Share(Scenario.None)} | {Share(Scenario.Unknown)} | {Share(Scenario.DomainAdaptation)} | {Share(Scenario.FeatureSpace)} | {Share(Scenario.TaskTransfer)} | "
                + $"{BenchmarkReport.Median([.. distances]).ToString("0.00", CultureInfo.InvariantCulture)} |");
            output.Flush();
            return counts;
        }
    }
}
