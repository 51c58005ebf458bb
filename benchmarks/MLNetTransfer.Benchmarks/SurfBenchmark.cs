using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Adaptation methods on the SURF features of Office-Caltech10, by the two protocols that published tables use: (1) 20 source images a class (8 of dslr), 10 draws,
/// L. Gautheron's comparison; (2) all source images, J. Wang's. Rows are L1-normalised, then standardised in each domain as a whole; the classifier is one
/// nearest neighbour. (3) is ours: the first draw of (1), for all methods with their defaults and logistic regression; three images of every class of the
/// target are labelled for the methods that ask for it, and no method is tested on them. The last row is the ceiling: the classifier trained on four fifths of
/// the target's own labels and tested on the rest, in turns.
/// </summary>
internal static class SurfBenchmark
{
    private const int Shots = 3;
    private const string Usage = "Usage: -- surf FOLDER [1|2|3] [published|METHOD ...]; FOLDER holds amazon.mat, caltech10.mat, dslr.mat and webcam.mat.";
    private static readonly string[] Domains = ["amazon", "caltech10", "dslr", "webcam"];
    private static readonly string[] Classes = [.. Enumerable.Range(1, 10).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.Count == 0 || (args.Count > 1 && args[1] is not ("1" or "2" or "3")))
            throw new TransferException(Usage);
        var protocol = args.Count < 2 ? 1 : args[1][0] - '0';
        var contestants = SurfContestant.Of(protocol, [.. args.Skip(2)]);
        var domains = Domains.ToDictionary(name => name, name => Read(Path.Combine(args[0], name + ".mat")));
        var pairs = (from source in Domains from target in Domains where source != target select (Source: source, Target: target)).ToArray();
        output.WriteLine($"| protocol {protocol} | {string.Join(" | ", pairs.Select(pair => $"{Initial(pair.Source)}-{Initial(pair.Target)}"))} | mean | published | seconds |");
        output.WriteLine($"| --- |{string.Concat(pairs.Select(_ => " ---: |"))} ---: | ---: | ---: |");
        foreach (var contestant in contestants)
            Row(output, contestant.Label, pairs, contestant.PublishedMean, pair => Accuracy(contestant, pair, domains, protocol));
        Row(output, "oracle", pairs, null, pair => Ceiling(domains[pair.Target], protocol == 3 ? SurfContestant.Logistic : new NearestNeighbourTrainer()));
        return 0;
    }

    private static void Row(
        TextWriter output, string label, (string Source, string Target)[] pairs, double? published, Func<(string Source, string Target), double> accuracy)
    {
        var clock = Stopwatch.StartNew();
        var percentages = new double[pairs.Length];
        Parallel.For(0, pairs.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => percentages[i] = 100 * accuracy(pairs[i]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {label} | {string.Join(" | ", percentages.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)))} | {percentages.Average():0.0} | {published:0.0} | {clock.Elapsed.TotalSeconds:0} |"));
    }

    private static double Accuracy(SurfContestant contestant, (string Source, string Target) pair, Dictionary<string, LabeledFeatures> domains, int protocol)
    {
        var (allSource, allTarget) = (contestant.Prepared(domains[pair.Source]), contestant.Prepared(domains[pair.Target]));
        var settings = new AdaptationSettings { Scaling = FeatureScaling.None, Classifier = contestant.Classifier };
        return Enumerable.Range(0, protocol == 1 ? 10 : 1).Average(draw =>
        {
            RandomStream Random(string what) => RandomStream.Derive(draw, what);
            var source = protocol == 2 ? allSource : allSource.Select(Draw(allSource, pair.Source == "dslr" ? 8 : 20, Random($"{pair.Source} for {pair.Target}")));
            int[] shots = protocol == 3 ? Draw(allTarget, Shots, Random($"shots of {pair.Target}")) : [];
            var target = allTarget.Select([.. Enumerable.Range(0, allTarget.Labels.Count).Except(shots)]);
            var problem = new AdaptationProblem(source, target.WithoutLabels(), contestant.Method.NeedsShots ? allTarget.Select(shots) : null);
            return Share(contestant.Method.Adapt(problem, settings).Labels(target.Features), target.Labels);
        });
    }

    private static double Ceiling(LabeledFeatures target, ClassifierTrainer trainer)
    {
        const int Folds = 5;
        var folds = StratifiedSplit.Folds(target.Labels, [.. Enumerable.Range(0, target.Labels.Count)], Folds, seed: 1);
        return Enumerable.Range(0, Folds).Average(fold =>
        {
            LabeledFeatures Part(bool isTest) => target.Select([.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold == isTest)]);
            var test = Part(isTest: true);
            return Share(trainer.Train(Part(isTest: false), null, seed: 1, default).Labels(test.Features), test.Labels);
        });
    }

    private static double Share(int[] predicted, IReadOnlyList<int> actual) => predicted.Zip(actual).Count(pair => pair.First == pair.Second) / (double)predicted.Length;

    private static char Initial(string name) => char.ToUpperInvariant(name[0]);

    private static int[] Draw(LabeledFeatures domain, int each, RandomStream random)
    {
        int[] rows = [.. Enumerable.Range(0, domain.Labels.Count)];
        random.Shuffle<int>(rows);
        return [.. rows.GroupBy(row => domain.Labels[row]).OrderBy(group => group.Key).SelectMany(group => group.Take(each))];
    }

    private static LabeledFeatures Read(string path)
    {
        var matrices = MatFile.Read(path);
        var (rows, columns, values) = matrices["fts"];
        var sums = new double[rows];
        for (var i = 0; i < values.Length; i++)
            sums[i % rows] += values[i];
        var features = new float[values.Length];
        for (var column = 0; column < columns; column++)
        {
            double[] shares = [.. Enumerable.Range(0, rows).Select(row => values[(column * rows) + row] / sums[row])];
            var mean = shares.Average();
            var deviation = Math.Sqrt(shares.Average(share => (share - mean) * (share - mean)));
            for (var row = 0; row < rows; row++)
                features[(row * columns) + column] = deviation > 0 ? (float)((shares[row] - mean) / deviation) : 0;
        }
        return new LabeledFeatures(new FeatureMatrix(rows, columns, features), [.. matrices["labels"].Values.Select(label => (int)label - 1)], Classes);
    }
}
