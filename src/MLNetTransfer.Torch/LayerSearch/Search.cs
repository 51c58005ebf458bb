using System.Diagnostics;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>The images and features of one search, and how choices are measured on them.</summary>
internal sealed class Search
{
    /// <summary>One of so many choices goes on to the next round, and so many rounds cost as much as one full training.</summary>
    private const int Halving = 4;

    private readonly LayerSearchOptions _options;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly FeaturisedImages _images;
    private readonly CutCandidates _cuts;
    private readonly IReadOnlyList<FeatureView> _views;
    private readonly int[] _labels;
    private readonly int[] _groups;
    private readonly double[] _classWeights;
    private readonly int[] _folds;
    private readonly int _threads;

    /// <summary>Computes the features of all cuts in one pass.</summary>
    public Search(ImageSet images, LayerSearchOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        (_options, _progress) = (options, progress);
        Backbone = options.Transfer.Backbone ?? Backbone.Embedded;
        _threads = options.Transfer.Threads ?? Environment.ProcessorCount;
        _cuts = options.Keep is { } keep ? CutCandidates.One(Backbone, keep) : CutCandidates.All(Backbone);
        using var extractor = new BottleneckExtractor(_cuts.Network, options.Transfer.Threads, options.Transfer.Cache);
        _images = FeaturisedImages.Extract(images, extractor, "reading images", progress, cancellation);
        _images.Images.RequireTrainable();
        _views = _cuts.ViewsOf(_images.Features);
        (_labels, _groups) = ([.. _images.Images.LabelIndices], DuplicateGroups.Find(_images.Fingerprints));
        HeadInput.Validate(_images.Features, _labels, _groups, images.Classes, null);
        int[] all = [.. Enumerable.Range(0, _labels.Length)];
        _classWeights = NestedValidation.ClassWeights(_labels, all, images.Classes.Count, options.Transfer.ClassWeights);
        _folds = StratifiedSplit.Folds(_labels, _groups, HeadSelection.FoldCount(_labels, _groups, all, images.Classes.Count, options.FineTuning.Folds), options.Transfer.Seed);
    }

    public Backbone Backbone { get; }

    public int Images => _labels.Length;

    public IReadOnlyList<SkippedImage> Skipped => _images.Skipped;

    private int Classes => _classWeights.Length;

    private CandidateLosses NoLosses => new(_labels, _classWeights);

    /// <summary>Measures every cut with all layers frozen: nested cross-validation, repeated with other folds.</summary>
    public List<Candidate> CompareFrozen(CancellationToken cancellation)
    {
        var found = new List<Candidate>();
        foreach (var (i, cut) in _cuts.Cuts.Index())
        {
            _progress?.Report(new TransferProgress("comparing frozen layers", i, _views.Count));
            var (losses, clock) = (NoLosses, Stopwatch.StartNew());
            for (var repetition = 0; repetition < _options.Repetitions; repetition++)
            {
                var head = new HeadOptions { Seed = _options.Transfer.Seed + repetition, ValidationFolds = _options.FineTuning.Folds, ClassWeights = _options.Transfer.ClassWeights };
                var (probabilities, decisions) = NestedValidation.Predict([_views[i]], _labels, _groups, Classes, head, _threads, cancellation);
                for (var image = 0; image < Images; image++)
                    losses.Add(image, [.. probabilities.AsSpan(image * Classes, Classes).ToArray().Select(probability => (float)probability)], decisions[image]);
            }
            found.Add(new Candidate(new LayerChoice(cut.Name), cut.Dimensions, cut.MultiplyAdds, 0) { Losses = losses, IsComplete = true, Time = clock.Elapsed });
        }
        _progress?.Report(new TransferProgress("comparing frozen layers", _views.Count, _views.Count));
        return found;
    }

    /// <summary>Measures a hidden layer of the head on the best frozen features.</summary>
    public void TryHidden(List<Candidate> frozen, List<Candidate> results, CancellationToken cancellation)
    {
        if (_options.HiddenUnits == 0)
            return;
        var best = frozen.MinBy(candidate => candidate.Losses.LogLoss)!;
        var choice = best.Choice with { HiddenUnits = _options.HiddenUnits };
        results.Add(Measure(new Candidate(choice, choice.HiddenUnits, best.MultiplyAdds, 0) { Losses = NoLosses }, _folds.Max() + 1, _options.FineTuning, null, cancellation));
    }

    /// <summary>
    /// Measures trained layers below the last cut and below the best frozen one. Quick rounds, each about as costly as a quarter of one full training, keep the better quarter of the choices until one is
    /// left. That one is trained in full, two folds at a time, and given up as soon as it would not be recommended: the best frozen layers are not distinguishably worse.
    /// </summary>
    public void TryTrained(List<Candidate> frozen, List<Candidate> results, CancellationToken cancellation)
    {
        // The cheapest to train first: with little time they are the ones to know about.
        List<Candidate> left = [.. Trainable(frozen).OrderBy(candidate => candidate.TrainedMultiplyAdds)];
        var (full, folds) = (_options.FineTuning, _folds.Max() + 1);
        while (left.Count > 1 && !_options.IsExhaustive)
        {
            var effort = Math.Sqrt(1d / (Halving * left.Count));
            var epochs = Math.Min(full.Epochs, Math.Max(2, (int)Math.Ceiling(full.Epochs * effort)));
            var quick = full with { Epochs = epochs, Views = Math.Min(full.Views, epochs), CheckpointFolder = null };
            foreach (var candidate in left)
                Record(Measure(candidate, Math.Max(2, (int)Math.Round(folds * effort)), quick, null, cancellation));
            left = [.. results.Where(result => left.Exists(candidate => candidate.Choice == result.Choice)).OrderBy(result => result.Losses.LogLoss).Take((left.Count + Halving - 1) / Halving)];
        }
        var rival = _options.IsExhaustive ? null : frozen.MinBy(candidate => candidate.Losses.LogLoss)!.Losses;
        foreach (var candidate in left.Where(candidate => !candidate.IsComplete))
            Record(Measure(candidate, folds, full, rival, cancellation));

        void Record(Candidate measured)
        {
            results.RemoveAll(other => other.Choice == measured.Choice);
            results.Add(measured);
        }
    }

    /// <summary>Where training can begin below a kept cut: every cut of one tensor that is nearer to the input.</summary>
    private IEnumerable<Candidate> Trainable(List<Candidate> frozen)
    {
        var last = frozen.Find(candidate => candidate.Choice.Cut == Backbone.DefaultCut.Name) ?? frozen[^1];
        Candidate[] kept = [last, frozen.MinBy(candidate => candidate.Losses.LogLoss)!];
        return kept.DistinctBy(candidate => candidate.Choice.Cut).SelectMany(keep => Backbone.Cuts
            .Where(from => from.Tensors.Count == 1 && from.MultiplyAdds < keep.MultiplyAdds)
            .Select(from => keep with { Choice = new LayerChoice(keep.Choice.Cut, from.Name), TrainedMultiplyAdds = keep.MultiplyAdds - from.MultiplyAdds, IsComplete = false, Time = TimeSpan.Zero }));
    }

    /// <summary>Trains on some folds and measures on the images of each what the others taught.</summary>
    /// <param name="candidate">The choice.</param>
    /// <param name="folds">How many of the folds, 2 or more.</param>
    /// <param name="options">How layers are trained.</param>
    /// <param name="rival">What has to be distinguishably worse after every second fold; null to measure all of them whatever comes.</param>
    /// <param name="cancellation">Stops within a second.</param>
    private Candidate Measure(Candidate candidate, int folds, FineTuningOptions options, CandidateLosses? rival, CancellationToken cancellation)
    {
        var (choice, clock, total) = (candidate.Choice, Stopwatch.StartNew(), Images);
        var index = _cuts.Cuts.Index().First(cut => cut.Item.Name == choice.Cut).Index;
        var images = _images with { Features = _views[index].ToMatrix() };
        var tuning = options with { Cut = choice.FineTunedFrom ?? choice.Cut, HiddenUnits = choice.HiddenUnits };
        using var layers = new UpperLayers(_cuts.NetworkOf(index), images, _groups, tuning, _options.Transfer, done => _progress?.Report(new TransferProgress($"{choice}: frozen layers", done, total)), cancellation);
        var (trained, done, gate, epochs) = (new TunedNetwork[folds], 0, new Lock(), folds * tuning.Epochs);
        // More threads train folds ahead of the decision, which is the same on any number of them.
        var (ready, ahead) = (0, rival is null ? folds : Math.Max(2, _threads));
        for (var decided = rival is null ? folds : Math.Min(2, folds); ; decided = Math.Min(decided + 2, folds))
        {
            if (ready < decided)
            {
                var first = ready;
                ready = Math.Min(folds, first + ahead);
                Trainings.InParallel(ready - first, _threads, cancellation, offset => trained[first + offset] = Train(first + offset, Math.Max(1, _threads / (ready - first))));
            }
            var losses = LossesOf(trained[..decided]);
            if (decided == folds || rival!.ErrorsWorseThan(losses) <= _options.Tie)
                return candidate with { Losses = losses, IsComplete = decided > _folds.Max() && options.Epochs == _options.FineTuning.Epochs, Time = candidate.Time + clock.Elapsed };
        }

        TunedNetwork Train(int fold, int threads) => layers.Train(
            [.. Enumerable.Range(0, Images).Where(row => _folds[row] != fold)], [.. Enumerable.Range(0, Images).Where(row => _folds[row] == fold)],
            FormattableString.Invariant($"search-{choice.Cut}-{choice.FineTunedFrom}-{choice.HiddenUnits}-fold-{fold + 1}"), threads, writes: false,
            _ => { lock (gate) _progress?.Report(new TransferProgress($"{choice}: training", Math.Min(++done, epochs), epochs)); }, cancellation);
    }

    /// <summary>What the networks of the first folds make of the images of those folds, decided by the others.</summary>
    private CandidateLosses LossesOf(TunedNetwork[] trained)
    {
        int[] rows = [.. Enumerable.Range(0, Images).Where(row => _folds[row] < trained.Length)], foldOf = [.. rows.Select(row => _folds[row])];
        var scores = Trainings.Gather(trained, foldOf, LinearModel.OutputsFor(Classes));
        var (probabilities, decisions) = Trainings.DecideOutOfFold(scores, foldOf, [.. rows.Select(row => _labels[row])], Classes);
        var losses = NoLosses;
        for (var i = 0; i < rows.Length; i++)
            losses.Add(rows[i], probabilities.Row(i), decisions[i]);
        return losses;
    }
}
