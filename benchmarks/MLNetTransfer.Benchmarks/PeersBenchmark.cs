using System.Numerics.Tensors;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Benchmarks;

/// <summary>Featurising photos of the sizes that cameras make beside stock ML.NET, and a ResNet-50 beside PyTorch with the same weights.</summary>
internal static class PeersBenchmark
{
    private const string Usage = "Usage: -- featurise-peers [--backbone FILE] [--photos DIR] [--python FILE] [--noise N] [--repeat N] [--out FILE.md]";
    private static readonly (int Width, int Height, int Count, string Row, double AtLeast)[] Sizes =
    [
        (1024, 768, 40, "featurise 1024x768 JPEGs, MobileNetV2, ours / stock ML.NET", 1.8),
        (4000, 3000, 16, "featurise 12-megapixel JPEGs, MobileNetV2, ours / stock ML.NET", 6),
    ];

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var shared = Path.Combine(FeaturiseOptions.Repository(), "..", "shared");
        var (backbone, photos, python, noise, repeat, path) = (Path.Combine(shared, "models", "mobilenet-v2-1.0-224.onnx"), Path.Combine(shared, "data", "ants-bees"), "/usr/bin/python3", LargePhotos.Noise, 5, (string?)null);
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--backbone", { } file): backbone = file; break;
                case ("--photos", { } folder): photos = folder; break;
                case ("--python", { } file): python = file; break;
                case ("--noise", { } text) when int.TryParse(text, out var most) && most is >= 0 and <= 100: noise = most; break;
                case ("--repeat", { } text) when int.TryParse(text, out var times) && times >= 1: repeat = times; break;
                case ("--out", { } file): path = file; break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }
        var report = new BenchmarkReport(output);
        Sides(report, backbone, photos, repeat, noise);
        Torch(report, photos, python, repeat);
        output.Write(report.Promises());
        if (path is not null)
            report.Save(path);
        return 0;
    }

    /// <summary>The rows of large photos.</summary>
    public static void Sides(BenchmarkReport report, string backbonePath, string photos, int repeat, int noise = LargePhotos.Noise)
    {
        if (new[] { backbonePath, photos }.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
        {
            foreach (var size in Sizes)
                report.Skip(size.Row, $"'{Path.GetFileName(missing)}' is not on this machine");
            return;
        }
        var backbone = Backbone.Load(backbonePath);
        var cut = backbone.CutAt(backbone.DefaultCut);
        using var extractor = new BottleneckExtractor(cut);
        using var stock = new StockPipeline(cut);
        foreach (var (width, height, count, row, atLeast) in Sizes)
        {
            using var set = new LargePhotos(photos, width, height, count, noise);
            report.Line(FormattableString.Invariant($"### {count} JPEGs of {width} x {height}, {set.Bytes / (1 << 20):0.00} MiB each, {backbone.Name}"));
            report.Line();
            // The first run pays for code and memory, on both sides.
            extractor.Extract(set.Files.Take(8).ToArray());
            stock.Featurise([.. set.Files.Take(2)]);
            var rounds = FeaturiseRounds.Measure(cut, extractor, stock, set.Files, repeat);
            rounds.Print(report.Line);
            report.Line();
            var weight = FormattableString.Invariant($"files of {set.Bytes / (1 << 20):0.0#} MiB");
            report.Promise($"{row}, {weight}", atLeast, false, rounds.OursToStock);
            report.Promise($"featurise {width}x{height}, ours / the combined decode + inference limit, {weight}", .9, false, rounds.OursToLimit);
        }
    }

    /// <summary>The row of a network of 4 GFLOP: torchvision's ResNet-50 with drawn weights, written to ONNX by PyTorch itself.</summary>
    public static void Torch(BenchmarkReport report, string photos, string python, int repeat)
    {
        const string Row = "featurise ResNet-50, ours / PyTorch with OpenBLAS";
        const int Tuning = 16;
        if (!Directory.Exists(photos))
        {
            report.Skip(Row, $"'{Path.GetFileName(photos)}' is not on this machine");
            return;
        }
        using var set = new LargePhotos(photos, 1024, 768, 40);
        using var peer = TorchPeer.Start(python, set.Files, out var reason);
        if (peer is null)
        {
            report.Skip(Row, reason);
            return;
        }
        var onnx = Path.Combine(Path.GetTempPath(), $"mlnettransfer-{Guid.NewGuid():N}.onnx");
        try
        {
            peer.Export(onnx);
            var backbone = Backbone.Load(onnx);
            using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.DefaultCut));
            report.Line(FormattableString.Invariant($"### {set.Files.Count} JPEGs of 1024 x 768, ResNet-50 with the same drawn weights"));
            report.Line();
            report.Line($"{peer.Name}; its fastest settings: {peer.Tune(Tuning)}.");
            report.Line(Agreement(extractor.Extract(set.Files).Features, peer.Features()));
            report.Line();
            var (ours, fastest, openBlas) = (new double[repeat], new double[repeat], new double[repeat]);
            for (var i = 0; i < repeat; i++)
            {
                ours[i] = FeaturiseRounds.Speed(set.Files.Count, () => extractor.Extract(set.Files).Features.Rows);
                fastest[i] = peer.Run(openBlas: false);
                openBlas[i] = peer.Run(openBlas: true);
            }
            report.Line($"| images/s, {repeat} rounds in turns | min | median | max |");
            report.Line("| --- | ---: | ---: | ---: |");
            report.Line(BenchmarkReport.Row("MLNetTransfer BottleneckExtractor", ours, "0.0"));
            report.Line(BenchmarkReport.Row("PyTorch + torchvision, OpenBLAS", openBlas, "0.0"));
            report.Line(BenchmarkReport.Row("ratio within a round", FeaturiseRounds.Ratios(ours, openBlas), "0.00"));
            report.Line(BenchmarkReport.Row("PyTorch + torchvision, its fastest (oneDNN)", fastest, "0.0"));
            report.Line(BenchmarkReport.Row("ratio within a round", FeaturiseRounds.Ratios(ours, fastest), "0.00"));
            report.Line();
            report.Promise(Row, 2, false, FeaturiseRounds.Ratios(ours, openBlas));
        }
        finally
        {
            File.Delete(onnx);
        }
    }

    /// <summary>
    /// How far the two features of one photo lie apart, as a share of how far those of two photos do: the cosine says little of a network of drawn
    /// weights, whose features all point nearly the same way.
    /// </summary>
    private static string Agreement(FeatureMatrix ours, float[] theirs)
    {
        var rows = Enumerable.Range(0, ours.Rows).ToArray();
        var between = BenchmarkReport.Median([.. rows.Skip(1).Select(row => (double)TensorPrimitives.Distance(ours.Row(row - 1), ours.Row(row)))]);
        double[] apart = [.. rows.Select(row => TensorPrimitives.Distance(ours.Row(row), theirs.AsSpan(row * ours.Columns, ours.Columns)) / between)];
        return FormattableString.Invariant($"Features of one photo by both lie {apart.Min():0.000} / {BenchmarkReport.Median(apart):0.000} / {apart.Max():0.000} (min / median / max) of the distance between two photos apart.");
    }
}
