using System.Diagnostics;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// How far scores without training agree with measured accuracy: every cut of every backbone, scored by LogME and by the H-score, and its head
/// cross-validated on the same images; the agreement of the two orders by Kendall's tau-b and Spearman's rho.
/// </summary>
internal static class RankBenchmark
{
    private const string Usage = "Usage: -- rank [--backbone FILE|embedded ...] --data DIR [--data DIR ...]";

    private sealed record Row(string Cut, int Dimensions, double Accuracy, double LogLoss, double LogMe, double HScore);

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (backbones, data) = (new List<Backbone>(), new List<string>());
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--backbone", "embedded"): backbones.Add(Backbone.Embedded); break;
                case ("--backbone", { } file): backbones.Add(Backbone.Load(file)); break;
                case ("--data", { } folder): data.Add(folder); break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }
        if (data.Count == 0)
            throw new TransferException($"Name the photos. {Usage}");
        if (backbones.Count == 0)
            backbones.Add(Backbone.Embedded);

        var agreements = new List<string>();
        foreach (var folder in data)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
            var all = new List<Row>();
            foreach (var backbone in backbones)
            {
                var rows = Measure(folder, backbone, out var seconds);
                output.WriteLine($"### {name}, {backbone.Name}");
                output.WriteLine();
                output.WriteLine("| cut | features | accuracy | log-loss | LogME | H-score |");
                output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
                foreach (var row in rows)
                    output.WriteLine(FormattableString.Invariant($"| {row.Cut} | {row.Dimensions} | {row.Accuracy:0.000} | {row.LogLoss:0.000} | {row.LogMe:0.0000} | {row.HScore:0.000} |"));
                output.WriteLine();
                output.WriteLine(FormattableString.Invariant($"Scores of all cuts {seconds.Scores:0.0} s, heads of all cuts {seconds.Heads:0.0} s, features from the cache both times."));
                output.WriteLine();
                agreements.Add(Agreement($"{name}, cuts of {backbone.Name}", rows));
                all.AddRange(rows);
            }
            if (backbones.Count > 1)
                agreements.Add(Agreement($"{name}, cuts of all", all));
        }
        output.WriteLine("| order of | LogME tau | LogME rho | H-score tau | H-score rho | accuracy lost by LogME's first | by the H-score's | by the default |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var line in agreements)
            output.WriteLine(line);
        return 0;
    }

    private static List<Row> Measure(string folder, Backbone backbone, out (double Scores, double Heads) seconds)
    {
        var cacheFolder = Directory.CreateTempSubdirectory("mlnettransfer-rank-").FullName;
        try
        {
            using var cache = new FeatureCache(cacheFolder, Console.Error.WriteLine);
            var images = ImageSet.Read(folder);
            BackboneRanking.Of(images, [backbone], allCuts: true, cache);
            var clock = Stopwatch.StartNew();
            var ranking = BackboneRanking.Of(images, [backbone], allCuts: true, cache).Cuts.ToDictionary(cut => cut.Cut);
            seconds.Scores = clock.Elapsed.TotalSeconds;
            clock.Restart();
            var options = new TransferOptions { Backbone = backbone, Cut = Cut.Auto, TestFraction = 0, Cache = cache };
            var card = TransferTrainer.Train(images, options).Model.Card;
            seconds.Heads = clock.Elapsed.TotalSeconds;
            return [.. card.CutSelection.Select(cut => new Row(
                cut.Name == backbone.DefaultCut.Name ? $"{cut.Name} (default)" : cut.Name, cut.Dimensions, cut.Accuracy, cut.LogLoss, ranking[cut.Name].LogMe, ranking[cut.Name].HScore))];
        }
        finally
        {
            Directory.Delete(cacheFolder, recursive: true);
        }
    }

    private static string Agreement(string of, IReadOnlyList<Row> rows)
    {
        double[] accuracy = [.. rows.Select(row => row.Accuracy)], logMe = [.. rows.Select(row => row.LogMe)], hScore = [.. rows.Select(row => row.HScore)];
        var best = accuracy.Max();
        var defaults = rows.Where(row => row.Cut.EndsWith("(default)", StringComparison.Ordinal)).Max(row => row.Accuracy);
        return FormattableString.Invariant(
            $"| {of} | {Tau(logMe, accuracy):0.00} | {Rho(logMe, accuracy):0.00} | {Tau(hScore, accuracy):0.00} | {Rho(hScore, accuracy):0.00} | {best - rows.MaxBy(row => row.LogMe)!.Accuracy:0.000} | {best - rows.MaxBy(row => row.HScore)!.Accuracy:0.000} | {best - defaults:0.000} |");
    }

    /// <summary>Kendall's tau-b: pairs in the same order minus pairs in the opposite one, over the geometric mean of the pairs without a tie.</summary>
    private static double Tau(double[] x, double[] y)
    {
        var (agreeing, untiedX, untiedY) = (0d, 0d, 0d);
        for (var i = 0; i < x.Length; i++)
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (Math.Sign(x[i] - x[j]), Math.Sign(y[i] - y[j]));
                agreeing += a * b;
                untiedX += a * a;
                untiedY += b * b;
            }
        return agreeing / Math.Sqrt(untiedX * untiedY);
    }

    /// <summary>Spearman's rho: the correlation of the ranks, ties sharing their mean rank.</summary>
    private static double Rho(double[] x, double[] y)
    {
        double[] a = Ranks(x), b = Ranks(y);
        var mean = (x.Length + 1) / 2d;
        double Covariance(double[] u, double[] v) => u.Zip(v, (p, q) => (p - mean) * (q - mean)).Sum();
        return Covariance(a, b) / Math.Sqrt(Covariance(a, a) * Covariance(b, b));

        static double[] Ranks(double[] values) => [.. values.Select(value => values.Count(other => other < value) + (values.Count(other => other == value) + 1) / 2d)];
    }
}
