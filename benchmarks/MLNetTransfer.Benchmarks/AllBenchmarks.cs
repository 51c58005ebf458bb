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
            ("Small photos", (report, repeat) => report.Include(output => FeaturiseBenchmark.Run(["--repeat", FormattableString.Invariant($"{repeat}")], output))),
            ("Photos as cameras make them", (report, repeat) => PeersBenchmark.Sides(report, mobileNet, photos, repeat)),
            ("PyTorch", (report, repeat) => PeersBenchmark.Torch(report, photos, Python, repeat)),
            ("8-bit integers", (report, repeat) => report.Include(output => QuantiseBenchmark.Run(["--rounds", FormattableString.Invariant($"{repeat}")], output))),
        ];
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
