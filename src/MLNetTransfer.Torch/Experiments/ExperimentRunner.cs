using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>
/// Runs experiments: every method with all its hyper-parameters on every pair, for every backbone, cut and seed. What is finished is kept on disk, and a run that was stopped,
/// or whose file asks for more, computes what is missing; the result is the same as that of one undisturbed run, on any number of threads.
/// </summary>
public static class ExperimentRunner
{
    /// <summary>The name of the row of the classifier trained on labels of the target.</summary>
    public const string Oracle = "oracle";

    /// <summary>The name of the row of the classifier trained on the few labelled images of the target alone.</summary>
    public const string ShotsOnly = "shots only";

    /// <summary>Runs an experiment.</summary>
    /// <param name="experiment">What to compare.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as images are read and methods tried; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops the work; what is finished is kept.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExperimentResult Run(
        Experiment experiment, ExperimentOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        options ??= new ExperimentOptions();
        if (options.Threads is < 1)
            throw new TransferException(FormattableString.Invariant($"The number of threads is 1 or more; received {options.Threads}."));
        var used = experiment.Domains.Where(domain => experiment.Pairs.Any(pair => pair.Source == domain.Name || pair.Target == domain.Name)).ToArray();
        var listed = used.ToDictionary(domain => domain.Name, domain => List(experiment, domain));
        BackboneCut[] networks = [.. experiment.Backbones.Select(name => (options.Backbones ?? Resolve)(name)).SelectMany(backbone => experiment.Cuts.Select(cut => backbone.FindCut(cut)).Distinct().Select(backbone.CutAt))];
        using var results = new ResultsFile(options.Results ?? experiment.DefaultResults);
        var skipped = new List<SkippedImage>();
        var comparisons = new List<ExperimentComparison>();
        foreach (var network in networks)
        {
            var parts = Read(used, listed, network, options, skipped, progress, cancellation);
            var cases = CasesOf(experiment, parts, cancellation);
            Complete(RecordsOf(experiment, cases, network), results, experiment, network, options, progress, cancellation);
            var comparison = Comparer.Compare(experiment, network, cases, parts);
            comparisons.Add(options.Embeds ? Embedded(experiment, comparison, cases, cancellation) : comparison);
        }
        return new ExperimentResult(experiment, comparisons, [.. skipped.DistinctBy(image => image.Path)]);
    }

    /// <summary>What is the same for all methods of a case.</summary>
    internal static AdaptationSettings SettingsOf(Experiment experiment, int seed) => new()
    {
        Seed = seed,
        Scaling = experiment.Scaling,
        Classifier = experiment.L2 is { } l2 ? new LogisticTrainer { L2Grid = [l2] } : new LogisticTrainer(),
    };

    /// <summary>The comparison with its pairs' images before and after one method: the one of the best mean that moves features on the first pair.</summary>
    private static ExperimentComparison Embedded(Experiment experiment, ExperimentComparison comparison, List<ExperimentCase> cases, CancellationToken cancellation)
    {
        var firsts = cases.Chunk(experiment.Seeds.Count).Select(seeds => seeds[0]).ToArray();
        PairEmbedding? Embed(ExperimentCase item, ExperimentEntry entry) => Embedder.Of(
            item, experiment.Methods.First(method => method.Label == entry.Method).Candidates[0], SettingsOf(experiment, item.Seed), cancellation);
        foreach (var entry in comparison.Entries.Where(entry => entry is { Choice: ExperimentEntry.ByDefault, Applied: > 0 }).OrderByDescending(entry => entry.Accuracy))
            if (Embed(firsts[0], entry) is { } first)
                return comparison with { Pairs = [.. comparison.Pairs.Select((pair, i) => pair with { Embedding = i == 0 ? first : Embed(firsts[i], entry) })] };
        return comparison;
    }

    private static (ImageSet Images, ImageSet? Test) List(Experiment experiment, ExperimentDomain domain) =>
        (DomainPart.List(domain, domain.Path, experiment.Classes), domain.Test is { } test ? DomainPart.List(domain, test, experiment.Classes) : null);

    private static Backbone Resolve(string name) => name == "embedded" ? Backbone.Embedded
        : File.Exists(name) ? Backbone.Load(name)
        : throw new TransferException($"A backbone is 'embedded' or an ONNX file; received '{name}'. Check the path, which starts at the experiment's folder.");

    private static Dictionary<string, (DomainPart Images, DomainPart? Test)> Read(
        ExperimentDomain[] domains, Dictionary<string, (ImageSet Images, ImageSet? Test)> listed, BackboneCut network, ExperimentOptions options, List<SkippedImage> skipped,
        IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        using var extractor = new BottleneckExtractor(network, options.Threads, options.Cache);
        DomainPart Part(ExperimentDomain domain, ImageSet images)
        {
            var part = DomainPart.Read(domain, images, extractor, skipped, progress, cancellation);
            return part.Images.Images.Count > 0 ? part : throw new TransferException(
                $"A domain has 1 or more readable images; received none in {images.Source}: '{skipped[^1].Path}' {skipped[^1].Reason}. Check the folder.");
        }
        return domains.ToDictionary(domain => domain.Name, domain => (Part(domain, listed[domain.Name].Images), listed[domain.Name].Test is { } test ? Part(domain, test) : null));
    }

    private static List<ExperimentCase> CasesOf(Experiment experiment, Dictionary<string, (DomainPart Images, DomainPart? Test)> parts, CancellationToken cancellation)
    {
        var cases = new List<ExperimentCase>();
        foreach (var pair in experiment.Pairs)
            foreach (var seed in experiment.Seeds)
            {
                cancellation.ThrowIfCancellationRequested();
                cases.Add(new ExperimentCase(experiment, pair, seed, parts[pair.Source].Images, parts[pair.Target].Images, parts[pair.Target].Test));
            }
        return cases;
    }

    private static List<Record> RecordsOf(Experiment experiment, List<ExperimentCase> cases, BackboneCut network)
    {
        var records = new List<Record>();
        foreach (var item in cases)
        {
            var settings = SettingsOf(experiment, item.Seed);
            var key = new CaseKey(item, network, settings, experiment.L2);
            var names = new HashSet<string>();
            void Add(string name, string hash, bool isScored, Func<CancellationToken, CandidateOutcome> work)
            {
                // Two entries may have a candidate in common.
                if (names.Add(name))
                    records.Add(new Record(hash, item, name, isScored, work));
            }
            foreach (var method in experiment.Methods.SelectMany(method => method.Candidates))
                Add($"{method}", key.Of(method), true,
                    token => CandidateRun.Try(method, item.Problem(method.NeedsShots), item.Truth.Test.Features, settings, experiment.Scorers, token));
            Add(Oracle, key.Of(Oracle, item.Truth.Training, item.Truth.Test, item.Truth.Shots), false, token => LabelledReference.Ceiling(item.Truth, settings, token));
            if (item.HasShots)
                Add(ShotsOnly, key.Of(ShotsOnly), false, token => LabelledReference.ShotsOnly(item.Truth, settings, token));
        }
        return records;
    }

    /// <summary>Takes what is kept and computes the rest, side by side.</summary>
    private static void Complete(
        List<Record> records, ResultsFile results, Experiment experiment, BackboneCut network, ExperimentOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        string[] scorers = [.. experiment.Scorers.Where(scorer => !scorer.IsComparison).Select(scorer => scorer.Name)];
        Record[] missing = [.. records.Where(record => !record.Take(results.Find(record.Key, record.IsScored ? scorers : [])))];
        var (stage, done, gate) = ($"trying methods ({network.Backbone.Name}, {network.Cut.Name})", records.Count - missing.Length, new Lock());
        progress?.Report(new TransferProgress(stage, done, records.Count));
        try
        {
            Parallel.ForEach(
                Partitioner.Create(missing, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? Environment.ProcessorCount, CancellationToken = cancellation },
                record =>
                {
                    var outcome = record.Work(cancellation);
                    results.Add(record.Key, record.InWords(network), outcome);
                    record.Take(outcome);
                    lock (gate)
                        progress?.Report(new TransferProgress(stage, ++done, records.Count));
                });
        }
        catch (AggregateException error)
        {
            cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private sealed class Record(string key, ExperimentCase item, string name, bool isScored, Func<CancellationToken, CandidateOutcome> work)
    {
        public string Key { get; } = key;

        public bool IsScored { get; } = isScored;

        public Func<CancellationToken, CandidateOutcome> Work { get; } = work;

        /// <summary>Gives the case what came of it; false where that is not known yet.</summary>
        public bool Take(CandidateOutcome? outcome) => outcome is not null && item.Outcomes.TryAdd(name, outcome);

        public IReadOnlyList<(string Name, string Value)> InWords(BackboneCut network) =>
        [
            ("backbone", network.Backbone.Name), ("cut", network.Cut.Name), ("source", item.Source), ("target", item.Target),
            ("seed", FormattableString.Invariant($"{item.Seed}")), ("method", name),
        ];
    }
}
