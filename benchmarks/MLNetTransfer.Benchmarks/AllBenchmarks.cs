namespace MLNetTransfer.Benchmarks;

/// <summary>Everything this project promises about speed and memory, one after the other, as one Markdown file. A benchmark is one entry of the list.</summary>
internal static class AllBenchmarks
{
    private const string Usage = "Usage: -- all [--repeat N] [--out FILE.md]";
    private const string Python = "/usr/bin/python3";

    private static (string Title, Action<BenchmarkReport, int> Measure)[] Benchmarks()
    {
        var shared = Path.Combine(FeaturiseOptions.Repository(), "..", "shared");
        var (mobileNet, photos) = (Path.Combine(shared, "models", "mobilenet-v2-1.0-224.onnx"), Path.Combine(shared, "data", "ants-bees"));
        return
        [
            // First, because it measures the peak of the process, which never falls.
            ("Small photos", (report, repeat) => report.Include(output => FeaturiseBenchmark.Run(Repeat(repeat), output))),
            ("Photos as cameras make them", (report, repeat) => PeersBenchmark.Sides(report, mobileNet, photos, repeat)),
            // What scaled decoding saves depends on what the files weigh.
            ("The same photos without noise", (report, repeat) => PeersBenchmark.Sides(report, mobileNet, photos, repeat, noise: 0)),
            ("PyTorch", (report, repeat) => PeersBenchmark.Torch(report, photos, Python, repeat)),
            ("8-bit integers", (report, repeat) => report.Include(output => QuantiseBenchmark.Run(Repeat(repeat, "--rounds"), output),
                ("| resnet-18 ", 6..7, "int8 / float inference, ResNet-18", 1.5, false),
                ("| resnet-50 ", 6..7, "int8 / float inference, ResNet-50", 1.5, false))),
            ("Retraining", (report, repeat) => report.Include(output => RetrainBenchmark.Run(Repeat(repeat), output),
                ("| ratio within a round |", 2..5, "retraining after 1 % new images, cold / cached", 30, false))),
            ("One prediction", (report, repeat) => report.Include(output => LatencyBenchmark.Run(Repeat(repeat), output),
                ("| ML.NET p50 / MLNetTransfer p50 |", 3..4, "one warm prediction from a 1024x768 JPEG file, stock p50 / ours p50", 3, false))),
            ("Memory over 10,000 predictions", (report, _) => report.Include(output => PredictionMemory.Run([], output))),
            ("A head on many images", (report, repeat) => report.Include(output => HeadBenchmark.Run(Repeat(repeat), output))),
            ("Scale", (report, repeat) => report.Include(output => ScaleBenchmark.Run(Repeat(repeat), output),
                ("| peak, 20000 / 1000 images |", 2..5, "peak memory, 20,000 images / 1,000 images, features aside", 1.1, true),
                ("| time, 10000 / 1000 images |", 2..5, "time, 10,000 / 1,000 images", 10.3, true))),
        ];

        static string[] Repeat(int times, string option = "--repeat") => [option, FormattableString.Invariant($"{times}")];
    }

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (repeat, path) = (5, (string?)null);
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--repeat", { } text) when int.TryParse(text, out var times) && times >= 1: repeat = times; break;
                case ("--out", { } file): path = file; break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }
        var report = new BenchmarkReport(output);
        foreach (var (title, measure) in Benchmarks())
        {
            report.Line($"## {title}");
            report.Line();
            measure(report, repeat);
            // Half of a long run is better than none.
            if (path is not null)
                report.Save(path);
        }
        output.WriteLine(BenchmarkReport.Machine());
        output.WriteLine();
        output.Write(report.Promises());
        return 0;
    }
}
