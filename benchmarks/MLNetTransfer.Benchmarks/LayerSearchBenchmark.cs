using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.LayerSearch;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Whether the search for layers finds good ones, and in how much less time than trying all in full. In every repetition some photos are drawn to search on; all choices are then trained on them
/// and measured on all other photos, which the search never saw.
/// </summary>
internal static class LayerSearchBenchmark
{
    private const string Usage = "Usage: -- layer-search --data DIR [--data DIR ...] [--backbone FILE] [--side N] [--photos N] [--repeat N] [--epochs N] [--frozen yes]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.Count % 2 != 0)
            throw new TransferException(Usage);
        var given = Enumerable.Range(0, args.Count / 2).Select(i => (Name: args[2 * i], Value: args[2 * i + 1])).ToLookup(pair => pair.Name, pair => pair.Value);
        int Number(string name, int otherwise) => given[name].LastOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var backbone = given["--backbone"].LastOrDefault() is { } file ? Open(file, Number("--side", 0)) : Backbone.Embedded;
        var (photos, repeat, epochs, trains) = (Number("--photos", 60), Number("--repeat", 10), Number("--epochs", 6), !given["--frozen"].Any());
        output.WriteLine(FormattableString.Invariant($"{backbone.Name} at {backbone.Preprocessing.Side} pixels, searched on {photos} photos, {repeat} repetitions{(trains ? FormattableString.Invariant($", {epochs} epochs") : ", frozen layers alone")}"));
        output.WriteLine("| photos | choices | picks within a standard error of the best | accuracy of the picks | of the best in hindsight | of the default cut | time of trying all / of the search: min, median, max |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var folder in given["--data"])
        {
            var set = ImageSet.Read(folder);
            var (good, picked, best, usual, ratios, choices) = (0, 0d, 0d, 0d, new List<double>(), 0);
            for (var seed = 1; seed <= repeat; seed++)
            {
                var one = Repeat(set, backbone, photos, epochs, trains, seed);
                choices = one.Outer.Count;
                var (top, pick) = (one.Outer.Values.Max(), one.Outer[one.Pick]);
                good += pick >= top - Math.Sqrt(top * (1 - top) / one.TestImages) ? 1 : 0;
                (picked, best, usual) = (picked + pick / repeat, best + top / repeat, usual + one.Outer[new LayerChoice(backbone.DefaultCut.Name)] / repeat);
                ratios.Add(one.Ratio);
                Console.Error.WriteLine(FormattableString.Invariant($"{Path.GetFileName(folder)} {seed}: {one.Pick} {pick:0.000}, best {one.Outer.MaxBy(pair => pair.Value).Key} {top:0.000}, {one.Ratio:0.0} times"));
            }
            ratios.Sort();
            output.WriteLine(FormattableString.Invariant($"| {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} | {choices} | {good} of {repeat} | {picked:0.000} | {best:0.000} | {usual:0.000} | {ratios[0]:0.0}, {ratios[repeat / 2]:0.0}, {ratios[^1]:0.0} |"));
        }
        return 0;
    }

    /// <summary>A backbone, fed with smaller images than its description says where a side is given.</summary>
    private static Backbone Open(string file, int side)
    {
        if (side == 0)
            return Backbone.Load(file);
        var description = BackboneDescription.FromJson(File.ReadAllText(Path.ChangeExtension(file, ".json")), file);
        return Backbone.FromBytes(File.ReadAllBytes(file), new BackboneDescription
        {
            Name = description.Name, Licence = description.Licence, Preprocessing = description.Preprocessing with { Side = side }, Cuts = description.Cuts, DefaultCut = description.DefaultCut,
        }, file);
    }

    private static (Dictionary<LayerChoice, double> Outer, LayerChoice Pick, int TestImages, double Ratio) Repeat(ImageSet set, Backbone backbone, int photos, int epochs, bool trains, int seed)
    {
        var cuts = CutCandidates.All(backbone);
        using var extractor = new BottleneckExtractor(cuts.Network);
        var all = FeaturisedImages.Extract(set, extractor, "", null, CancellationToken.None);
        int[] labels = [.. all.Images.LabelIndices], groups = DuplicateGroups.Find(all.Fingerprints);
        var isTest = StratifiedSplit.HeldOut(labels, groups, 1 - (double)photos / labels.Length, seed);
        int[] learn = [.. Enumerable.Range(0, labels.Length).Where(row => !isTest[row])], test = [.. Enumerable.Range(0, labels.Length).Where(row => isTest[row])];

        var options = new LayerSearchOptions
        {
            Transfer = new TransferOptions { Backbone = backbone, Seed = seed },
            FineTuning = new FineTuningOptions { Cut = Cut.Auto, Epochs = epochs },
            FineTunes = trains,
            HiddenUnits = trains ? new LayerSearchOptions().HiddenUnits : 0,
        };
        var clock = Stopwatch.StartNew();
        var found = LayerSearcher.Search(all.Images.Subset(learn), options);
        var searched = clock.Elapsed;
        clock.Restart();
        var everything = LayerSearcher.Search(all.Images.Subset(learn), options with { IsExhaustive = true });
        var ratio = clock.Elapsed / searched;

        var outer = everything.Figures.ToDictionary(figures => figures.Choice, figures => Outer(figures.Choice));
        return (outer, found.Recommended.Choice, test.Length, ratio);

        double Outer(LayerChoice choice)
        {
            var index = cuts.Cuts.Index().First(cut => cut.Item.Name == choice.Cut).Index;
            var view = cuts.ViewsOf(all.Features)[index];
            if (choice is { FineTunedFrom: null, HiddenUnits: 0 })
            {
                var weights = NestedValidation.ClassWeights(labels, learn, set.Classes.Count, ClassWeighting.Balanced);
                var head = CandidateChoice.Choose([view], labels, groups, learn, weights, new HeadOptions { Seed = seed }, 2, CancellationToken.None);
                var model = HeadSelection.Fit(head.Design, labels, learn, weights, head.Selection.L2, new double[LinearModel.OutputsFor(set.Classes.Count) * (head.Design.Columns + 1)]);
                var (scores, probabilities) = (new double[model.Outputs], new double[set.Classes.Count]);
                return test.Average(row =>
                {
                    model.Scores(row, scores);
                    return head.Selection.Decide(scores, probabilities) == labels[row] ? 1d : 0;
                });
            }
            var tuning = options.FineTuning with { Cut = choice.FineTunedFrom ?? choice.Cut, HiddenUnits = choice.HiddenUnits };
            using var layers = new UpperLayers(cuts.NetworkOf(index), all with { Features = view.ToMatrix() }, groups, tuning, options.Transfer, null, CancellationToken.None);
            var tuned = layers.Train(learn, test, "outer", 2, writes: false, null, CancellationToken.None);
            return test.Index().Average(row => (tuned.Scores[row.Index] > 0 ? 1 : 0) == labels[row.Item] ? 1d : 0);
        }
    }
}
