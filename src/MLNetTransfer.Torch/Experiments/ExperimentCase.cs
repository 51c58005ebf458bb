using System.Collections.Concurrent;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>One repetition of one pair: which images are learnt from, adapted to and tested on.</summary>
internal sealed class ExperimentCase
{
    private readonly LabeledFeatures _source;
    private readonly UnlabeledFeatures _target;
    private readonly LabeledFeatures? _shots;
    private readonly int[] _sourceRows;
    private readonly int[] _targetRows;

    public ExperimentCase(Experiment experiment, (string Source, string Target) pair, int seed, DomainPart source, DomainPart target, DomainPart? test)
    {
        (Source, Target, Seed, IsTransductive) = (pair.Source, pair.Target, seed, test is null);
        source.Images.RequireTrainable();
        RequireApart(experiment, pair, source, target, test);
        _source = source.Labeled(pair.Source, source.Images);
        var labeled = target.Labeled(pair.Target, source.Images);
        _sourceRows = experiment.SourcePerClass is { } ofClass
            ? Draw(_source, source.Groups, ofClass, RandomStream.Derive(seed, $"images of {pair.Source} for {pair.Target}"))
            : [.. Enumerable.Range(0, _source.Labels.Count)];
        var shots = DrawShots(experiment, labeled, target, pair.Target, seed);
        // Neither a shot nor a copy of one is adapted to or tested on.
        var drawn = shots.Select(row => target.Groups[row]).ToHashSet();
        int[] left = [.. Enumerable.Range(0, target.Features.Rows).Where(row => !drawn.Contains(target.Groups[row]))];
        // By content, so that neither names nor folders of the target can matter, not even to the last bit.
        _targetRows = [.. left.OrderBy(row => target.ContentHashes[row], StringComparer.Ordinal)];
        (_target, _shots) = (labeled.WithoutLabels(), shots.Length == 0 ? null : labeled.Select(shots));
        Truth = test is null
            ? new HeldOutTruth(left, labeled.Select(left), [.. left.Select(row => target.Groups[row])], null, _shots)
            : new HeldOutTruth([.. Enumerable.Range(0, test.Features.Rows)], test.Labeled(pair.Target, source.Images), test.Groups, labeled, _shots);
        (Images, Hashes) = ((_sourceRows.Length, _targetRows.Length, Truth.Images.Count),
            [.. _sourceRows.Select(row => source.ContentHashes[row]), "", .. _targetRows.Select(row => target.ContentHashes[row]), "", .. shots.Select(row => target.ContentHashes[row]), "", .. Truth.Images.Select(row => (test ?? target).ContentHashes[row])]);
        try
        {
            Problem(hasShots: true);
        }
        catch (TransferException fault)
        {
            throw new TransferException($"{pair.Source} -> {pair.Target}: {fault.Message}", fault);
        }
    }

    public string Source { get; }

    public string Target { get; }

    public int Seed { get; }

    /// <summary>Whether the images that are tested on are those that were adapted to.</summary>
    public bool IsTransductive { get; }

    /// <summary>How many images are learnt from, adapted to and tested on.</summary>
    public (int Source, int Target, int Test) Images { get; }

    /// <summary>SHA-256 of the files of all images, part by part.</summary>
    public IReadOnlyList<string> Hashes { get; }

    /// <summary>The labels of the target.</summary>
    public HeldOutTruth Truth { get; }

    /// <summary>What came of every method with hyper-parameters, and of the classifiers trained on target labels, by what they are called.</summary>
    public ConcurrentDictionary<string, CandidateOutcome> Outcomes { get; } = [];

    public bool HasShots => _shots is not null;

    /// <summary>What a method gets to see. Made anew for each, so that memory does not grow with the number of cases.</summary>
    public AdaptationProblem Problem(bool hasShots) =>
        new(_source.Select(_sourceRows), new UnlabeledFeatures(_target.Features.Select(_targetRows)), hasShots ? _shots : null);

    private static int[] DrawShots(Experiment experiment, LabeledFeatures labeled, DomainPart target, string name, int seed)
    {
        if (experiment.Shots == 0)
            return [];
        foreach (var (count, label) in labeled.Classes.Select((label, index) => (labeled.Labels.Index().Where(row => row.Item == index).DistinctBy(row => target.Groups[row.Index]).Count(), label)))
            if (count <= experiment.Shots)
                throw new TransferException(FormattableString.Invariant($"'shots' leaves images of every class of the target to test on; received {experiment.Shots} for '{label}', of which '{name}' has {count} different images. Lower it, or add images."));
        return Draw(labeled, target.Groups, experiment.Shots, RandomStream.Derive(seed, $"labelled images of {name}"));
    }

    private static int[] Draw(LabeledFeatures domain, IReadOnlyList<int> groups, int ofClass, RandomStream random)
    {
        int[] rows = [.. Enumerable.Range(0, domain.Labels.Count)];
        random.Shuffle<int>(rows);
        return [.. rows.GroupBy(row => domain.Labels[row]).OrderBy(same => same.Key).SelectMany(same => same.DistinctBy(row => groups[row]).Take(ofClass)).Order()];
    }

    private static void RequireApart(Experiment experiment, (string Source, string Target) pair, DomainPart source, DomainPart target, DomainPart? test)
    {
        if (test is not null)
            RequireApart(pair.Target, target, $"held-out part of {pair.Target}", test);
        // The same pictures under another question are another task, and no leak.
        if (experiment.Domain(pair.Source).Labels == experiment.Domain(pair.Target).Labels)
            RequireApart(pair.Source, source, pair.Target, test ?? target);
    }

    private static void RequireApart(string one, DomainPart first, string other, DomainPart second)
    {
        var pathOf = first.ContentHashes.Index().DistinctBy(hash => hash.Item).ToDictionary(hash => hash.Item, hash => first.Images.Images[hash.Index].Path);
        foreach (var (row, hash) in second.ContentHashes.Index())
            if (pathOf.TryGetValue(hash, out var path))
                throw new TransferException($"No file is both learnt from and tested on; '{path}' of {one} and '{second.Images.Images[row].Path}' of {other} are the same. Remove one of the two.");
    }
}
