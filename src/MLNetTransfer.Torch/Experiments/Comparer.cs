using MLNetTransfer.Backbones;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>Derives all figures of a comparison from its records. Here, after everything was tried, predictions and labels of the target meet for the first time.</summary>
internal static class Comparer
{
    private const string Floor = "none";
    private const int MostImages = 500;

    public static ExperimentComparison Compare(
        Experiment experiment, BackboneCut network, IReadOnlyList<ExperimentCase> cases, Dictionary<string, (DomainPart Images, DomainPart? Test)> parts)
    {
        // One row a pair, one case a seed.
        var pairs = cases.Chunk(experiment.Seeds.Count).ToArray();
        PairOutcome[] Outcomes(Func<ExperimentCase, Taken> take) => [.. pairs.Select(pair => Outcome([.. pair.Select(item => (item, take(item)))]))];
        ExperimentEntry Reference(string name) => new(name, ExperimentEntry.ByNothing, Outcomes(item => new Taken(null, name, item.Outcomes[name], null, null)), null);

        var floor = Outcomes(item => Choose(experiment, item, experiment.Methods[0].Candidates, ExperimentEntry.ByDefault));
        var entries = new List<ExperimentEntry>();
        foreach (var choice in (string[])[ExperimentEntry.ByDefault, .. experiment.Scorers.Select(scorer => scorer.Name), ExperimentEntry.ByTestLabels])
        {
            var methods = experiment.Methods.Skip(1).Select(method => (method.Label, Outcomes: Outcomes(item => Choose(experiment, item, method.Candidates, choice)))).ToArray();
            var ranks = MeanRanks([floor, .. methods.Select(method => method.Outcomes)]);
            if (choice == ExperimentEntry.ByDefault)
                entries.Add(new ExperimentEntry(experiment.Methods[0].Label, ExperimentEntry.ByNothing, floor, ranks[0]));
            entries.AddRange(methods.Select((method, i) => new ExperimentEntry(method.Label, choice, method.Outcomes, ranks[i + 1])));
            if (choice != ExperimentEntry.ByDefault)
                entries.Add(new ExperimentEntry(ExperimentEntry.Auto, choice, Outcomes(item => Choose(experiment, item, [.. experiment.Methods.SelectMany(method => method.Candidates)], choice)), null));
        }
        if (experiment.Shots > 0)
            entries.Add(Reference(ExperimentRunner.ShotsOnly));
        entries.Add(Reference(ExperimentRunner.Oracle));
        return new ExperimentComparison(network.Backbone.Name, network.Backbone.Sha256, network.Cut.Name, network.Dimensions,
            [.. pairs.Select(pair => Describe(pair[0], parts, experiment.Seeds[0]))], entries);
    }

    /// <summary>The mean over pairs of every entry's rank among them; refused ones come last.</summary>
    private static double[] MeanRanks(PairOutcome[][] entries)
    {
        var ofPairs = Enumerable.Range(0, entries[0].Length).Select(pair => Ranks.Of([.. entries.Select(entry => entry[pair].Accuracy)], 1e-12)).ToArray();
        return [.. Enumerable.Range(0, entries.Length).Select(entry => ofPairs.Average(ranks => ranks[entry]))];
    }

    private static Taken Choose(Experiment experiment, ExperimentCase item, IReadOnlyList<AdaptationMethod> candidates, string choice)
    {
        Taken[] all = [.. candidates.Select(method => new Taken(method, $"{method}", item.Outcomes[$"{method}"], null, null))];
        if (choice == ExperimentEntry.ByDefault)
            return all[0];
        if (choice == ExperimentEntry.ByTestLabels)
            return all.MaxBy(one => one.Outcome.Refusal is null ? Right(item, one.Outcome).Count(right => right) : -1)!;
        var scorer = experiment.Scorers.First(scorer => scorer.Name == choice);
        FeatureMatrix[] predictions = [.. all.Select(one => one.Outcome.Unlabelled).OfType<FeatureMatrix>()];
        double? Score(CandidateOutcome outcome) => outcome.Unlabelled is not { } own ? null : scorer.IsComparison ? scorer.Compare(own, predictions) : outcome.Scores[choice].Score;
        Taken[] judged = [.. all.Select(one => one with { Scorer = choice, Score = Score(one.Outcome) })];
        return AdaptationChoice.Pick(judged, one => (one.Method!, one.Outcome.Refusal is null, one.Score)) ?? judged[0];
    }

    private static PairOutcome Outcome((ExperimentCase Case, Taken Taken)[] seeds)
    {
        string[] settings = [.. seeds.Select(seed => seed.Taken.Settings)];
        // Without the source's classifier there is nothing to compare with.
        if (seeds.Select(seed => seed.Taken.Outcome.Refusal ?? seed.Case.Outcomes[Floor].Refusal).FirstOrDefault(reason => reason is not null) is { } refusal)
            return new PairOutcome { Refusal = refusal, Settings = settings };
        // By image: how often it was tested, how often right, and how much more often than by the source's classifier.
        var images = new SortedDictionary<int, (int Tested, int Right, int More)>();
        foreach (var (item, taken) in seeds)
        {
            var (right, before) = (Right(item, taken.Outcome), Right(item, item.Outcomes[Floor]));
            for (var i = 0; i < right.Length; i++)
            {
                var (tested, hits, more) = images.GetValueOrDefault(item.Truth.Images[i]);
                images[item.Truth.Images[i]] = (tested + 1, hits + (right[i] ? 1 : 0), more + (right[i] ? 1 : 0) - (before[i] ? 1 : 0));
            }
        }
        var accuracy = images.Values.Average(image => (double)image.Right / image.Tested);
        return new PairOutcome
        {
            Accuracy = accuracy,
            AccuracyInterval = Interval.OfShare(accuracy, images.Count),
            Difference = PairedDifference.Of([.. images.Values.Select(image => (double)image.More / image.Tested)]),
            PValue = SignTest.PValue(images.Values.Count(image => image.More > 0), images.Values.Count(image => image.More < 0)),
            Settings = settings,
            Unjudged = seeds.Count(seed => seed.Taken is { Scorer: not null, Score: null }),
        };
    }

    private static bool[] Right(ExperimentCase item, CandidateOutcome outcome) => [.. outcome.Predicted.Zip(item.Truth.Test.Labels, (predicted, actual) => predicted == actual)];

    private static ExperimentPair Describe(ExperimentCase item, Dictionary<string, (DomainPart Images, DomainPart? Test)> parts, int seed) => new(
        item.Source, item.Target, item.Images.Source, item.Images.Target, item.Truth.Shots?.Labels.Count ?? 0, item.Images.Test, item.IsTransductive,
        DistanceOf(parts[item.Source].Images, parts[item.Target].Images, seed));

    private static double DistanceOf(DomainPart source, DomainPart target, int seed)
    {
        var (here, there) = (Sample(source), Sample(target));
        string[] hashes = [.. here.Select(row => source.ContentHashes[row]), .. there.Select(row => target.ContentHashes[row])];
        int[] groups = [.. hashes.Select(hash => Array.IndexOf(hashes, hash))];
        return Diagnosis.DomainClassifier.Test(Gram.Of(source.Features.Select(here), target.Features.Select(there)), here.Length, groups, 0, RandomStream.Derive(seed, "domain classifier")).ADistance;

        int[] Sample(DomainPart part)
        {
            int[] rows = [.. Enumerable.Range(0, part.Features.Rows)];
            if (rows.Length > MostImages)
                RandomStream.Derive(seed, "examined images").Shuffle<int>(rows);
            return [.. rows.Take(MostImages).Order()];
        }
    }

    /// <summary>What was taken in a case: a method, or a classifier trained on labels of the target; and its score where a scorer chose, none where nothing could be judged.</summary>
    private sealed record Taken(AdaptationMethod? Method, string Settings, CandidateOutcome Outcome, string? Scorer, double? Score);
}
