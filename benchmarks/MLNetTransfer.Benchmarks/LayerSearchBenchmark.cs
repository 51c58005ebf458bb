using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
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
    private const string Usage = "Usage: -- layer-search --data DIR [--data DIR ...] [--backbone FILE] [--side N] [--photos N] [--repeat N] [--epochs N] [--frozen yes] [--folds-drawn N,N,...]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.Count % 2 != 0)
            throw new TransferException(Usage);
        var given = Enumerable.Range(0, args.Count / 2).Select(i => (Name: args[2 * i], Value: args[2 * i + 1])).ToLookup(pair => pair.Name, pair => pair.Value);
        int Number(string name, int otherwise) => given[name].LastOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var backbone = given["--backbone"].LastOrDefault() is { } file ? Open(file, Number("--side", 0)) : Backbone.Embedded;
        var (photos, repeat, epochs, trains) = (Number("--photos", 60), Number("--repeat", 10), Number("--epochs", 6), !given["--frozen"].Any());
        output.WriteLine(FormattableString.Invariant($"{backbone.Name} at {backbone.Preprocessing.Side} pixels, searched on {photos} photos, {repeat} repetitions{(trains ? FormattableString.Invariant($", {epochs} epochs") : ", frozen layers alone")}"));
        if (!trains)
        {
            int[] draws = [.. (given["--folds-drawn"].LastOrDefault() ?? "1").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            var folder = Directory.CreateTempSubdirectory("mlnettransfer-layers-").FullName;
            try
            {
                using var features = new FeatureCache(folder, Console.Error.WriteLine);
                CompareTies([.. given["--data"]], backbone, photos, repeat, draws, features, output);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
            return 0;
        }
        output.WriteLine($"| photos | choices | {Columns} | time of trying all / of the search: min, median, max |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var folder in given["--data"])
        {
            var set = ImageSet.Read(folder);
            var (measured, picks, ratios, testImages) = (new List<Dictionary<LayerChoice, double>>(), new List<LayerChoice>(), new List<double>(), 0);
            for (var seed = 1; seed <= repeat; seed++)
            {
                var one = Repeat(set, backbone, photos, epochs, trains, seed);
                measured.Add(one.Outer);
                picks.Add(one.Pick);
                testImages = one.TestImages;
                ratios.Add(one.Ratio);
                Console.Error.WriteLine(FormattableString.Invariant($"{Path.GetFileName(folder)} {seed}: {one.Pick} {one.Outer[one.Pick]:0.000}, best {one.Outer.MaxBy(pair => pair.Value).Key} {one.Outer.Values.Max():0.000}, {one.Ratio:0.0} times"));
            }
            ratios.Sort();
            output.WriteLine(FormattableString.Invariant($"| {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} | {measured[0].Count} | {Verdict(measured, picks, testImages, backbone)} | {ratios[0]:0.0}, {ratios[repeat / 2]:0.0}, {ratios[^1]:0.0} |"));
        }
        return 0;
    }

    /// <summary>A backbone, fed with images of another side than its file says where one is given.</summary>
    private static Backbone Open(string file, int side)
    {
        if (side == 0)
            return Backbone.Load(file);
        var model = OnnxFile.Parse(File.ReadAllBytes(file), file);
        model.Graph.ValueInfo.Clear();
        var shape = model.Graph.Input[0].Type.TensorType.Shape.Dim;
        foreach (var edge in shape.Skip(shape.Count - 2))
            edge.DimValue = side;
        var json = Path.ChangeExtension(file, ".json");
        var description = File.Exists(json) ? BackboneDescription.FromJson(File.ReadAllText(json), file) : null;
        return Backbone.FromBytes(model.ToByteArray(), description is null ? null : new BackboneDescription
        {
            Name = description.Name,
            Licence = description.Licence,
            Preprocessing = description.Preprocessing with { Side = side },
            Cuts = description.Cuts,
            DefaultCut = description.DefaultCut,
        }, Path.GetFileNameWithoutExtension(file));
    }

    private const string Columns = "picks within a standard error of the choice best on average | accuracy of the picks | of the choice best on average | of the best in hindsight | of the default cut";

    /// <summary>
    /// How the picks compare with the choice whose mean over all repetitions is highest, and with the highest in each repetition by itself, which is best by luck too: of twenty noisy figures the largest is too
    /// large.
    /// </summary>
    private static string Verdict(List<Dictionary<LayerChoice, double>> measured, List<LayerChoice> picks, int testImages, Backbone backbone)
    {
        var best = measured[0].Keys.Where(choice => measured.All(outer => outer.ContainsKey(choice))).MaxBy(choice => measured.Average(outer => outer[choice]))!;
        var good = measured.Zip(picks).Count(pair => pair.First[pair.Second] >= pair.First[best] - Math.Sqrt(pair.First[best] * (1 - pair.First[best]) / testImages));
        return FormattableString.Invariant($"{good} of {picks.Count} | {measured.Zip(picks).Average(pair => pair.First[pair.Second]):0.000} | {measured.Average(outer => outer[best]):0.000} ({best}) | {measured.Average(outer => outer.Values.Max()):0.000} | {measured.Average(outer => outer[new LayerChoice(backbone.DefaultCut.Name)]):0.000}");
    }

    /// <summary>How good the picks among frozen layers are for several ties, and for cross-validations repeated with other folds.</summary>
    private static void CompareTies(IReadOnlyList<string> folders, Backbone backbone, int photos, int repeat, int[] draws, FeatureCache features, TextWriter output)
    {
        var rules = draws.SelectMany(drawn => new[] { 0, 0.25, 0.5, 1 }.Select(tie => (Drawn: drawn, Tie: tie))).ToArray();
        output.WriteLine($"| photos | folds drawn | tie | {Columns} | multiply-adds of the picks |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var folder in folders)
        {
            var set = ImageSet.Read(folder);
            var (cost, picks, measured) = (new double[rules.Length], rules.Select(_ => new List<LayerChoice>()).ToArray(), new List<Dictionary<LayerChoice, double>>());
            var testImages = 0;
            for (var seed = 1; seed <= repeat; seed++)
            {
                var part = new Outer(set, backbone, photos, seed, features);
                var options = new LayerSearchOptions { Transfer = new TransferOptions { Backbone = backbone, Seed = seed, Cache = features }, FineTuning = new FineTuningOptions { Cut = Cut.Auto } };
                var search = draws.ToDictionary(drawn => drawn, drawn => new Search(part.Learn, options with { Repetitions = drawn }, null, CancellationToken.None).CompareFrozen(CancellationToken.None));
                measured.Add(search[draws[0]].ToDictionary(candidate => candidate.Choice, candidate => part.Measure(candidate.Choice, options)));
                testImages = part.TestImages;
                for (var i = 0; i < rules.Length; i++)
                {
                    var pick = LayerSearcher.Recommend(search[rules[i].Drawn], rules[i].Tie);
                    picks[i].Add(pick.Choice);
                    cost[i] += pick.MultiplyAdds / 1e6 / repeat;
                }
            }
            for (var i = 0; i < rules.Length; i++)
                output.WriteLine(FormattableString.Invariant($"| {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} | {rules[i].Drawn} | {rules[i].Tie} | {Verdict(measured, picks[i], testImages, backbone)} | {cost[i]:0} M |"));
        }
    }

    private static (Dictionary<LayerChoice, double> Outer, LayerChoice Pick, int TestImages, double Ratio) Repeat(ImageSet set, Backbone backbone, int photos, int epochs, bool trains, int seed)
    {
        var part = new Outer(set, backbone, photos, seed);
        var options = new LayerSearchOptions
        {
            Transfer = new TransferOptions { Backbone = backbone, Seed = seed },
            FineTuning = new FineTuningOptions { Cut = Cut.Auto, Epochs = epochs },
            FineTunes = trains,
            HiddenUnits = trains ? new LayerSearchOptions().HiddenUnits : 0,
        };
        var clock = Stopwatch.StartNew();
        var found = LayerSearcher.Search(part.Learn, options);
        var searched = clock.Elapsed;
        clock.Restart();
        var everything = LayerSearcher.Search(part.Learn, options with { IsExhaustive = true });
        var ratio = clock.Elapsed / searched;

        var outer = everything.Figures.ToDictionary(figures => figures.Choice, figures => part.Measure(figures.Choice, options));
        return (outer, found.Recommended.Choice, part.TestImages, ratio);
    }

    /// <summary>Photos drawn to search on, and the others, on which every choice is measured after it was trained on the first.</summary>
    private sealed class Outer
    {
        private readonly CutCandidates _cuts;
        private readonly FeaturisedImages _all;
        private readonly int[] _labels, _groups, _learn, _test;

        public Outer(ImageSet set, Backbone backbone, int photos, int seed, FeatureCache? cache = null)
        {
            _cuts = CutCandidates.All(backbone);
            using var extractor = new BottleneckExtractor(_cuts.Network, cache: cache);
            _all = FeaturisedImages.Extract(set, extractor, "", null, CancellationToken.None);
            (_labels, _groups) = ([.. _all.Images.LabelIndices], DuplicateGroups.Find(_all.Fingerprints));
            var isTest = StratifiedSplit.HeldOut(_labels, _groups, 1 - (double)photos / _labels.Length, seed);
            _learn = [.. Enumerable.Range(0, _labels.Length).Where(row => !isTest[row])];
            _test = [.. Enumerable.Range(0, _labels.Length).Where(row => isTest[row])];
        }

        public ImageSet Learn => _all.Images.Subset(_learn);

        public int TestImages => _test.Length;

        public double Measure(LayerChoice choice, LayerSearchOptions options)
        {
            var (index, classes) = (_cuts.Cuts.Index().First(cut => cut.Item.Name == choice.Cut).Index, _all.Images.Classes.Count);
            var view = _cuts.ViewsOf(_all.Features)[index];
            if (choice is { FineTunedFrom: null, HiddenUnits: 0 })
            {
                var weights = NestedValidation.ClassWeights(_labels, _learn, classes, ClassWeighting.Balanced);
                var head = CandidateChoice.Choose([view], _labels, _groups, _learn, weights, new HeadOptions { Seed = options.Transfer.Seed }, 2, CancellationToken.None);
                var model = HeadSelection.Fit(head.Design, _labels, _learn, weights, head.Selection.L2, new double[LinearModel.OutputsFor(classes) * (head.Design.Columns + 1)]);
                var (scores, probabilities) = (new double[model.Outputs], new double[classes]);
                return _test.Average(row =>
                {
                    model.Scores(row, scores);
                    return head.Selection.Decide(scores, probabilities) == _labels[row] ? 1d : 0;
                });
            }
            var tuning = options.FineTuning with { Cut = choice.FineTunedFrom ?? choice.Cut, HiddenUnits = choice.HiddenUnits };
            using var layers = new UpperLayers(_cuts.NetworkOf(index), _all with { Features = view.ToMatrix() }, _groups, tuning, options.Transfer, null, CancellationToken.None);
            var tuned = layers.Train(_learn, _test, "outer", 2, writes: false, null, CancellationToken.None);
            return _test.Index().Average(row => (tuned.Scores[row.Index] > 0 ? 1 : 0) == _labels[row.Item] ? 1d : 0);
        }
    }
}
