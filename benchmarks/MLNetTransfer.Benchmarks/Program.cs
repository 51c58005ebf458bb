using MLNetTransfer;
using MLNetTransfer.Benchmarks;

// One line a benchmark.
var benchmarks = new Dictionary<string, Func<IReadOnlyList<string>, TextWriter, int>>
{
    ["all"] = AllBenchmarks.Run,
    ["featurise"] = FeaturiseBenchmark.Run,
    ["featurise-peers"] = PeersBenchmark.Run,
    ["quantise"] = QuantiseBenchmark.Run,
    ["retrain"] = RetrainBenchmark.Run,
    ["scale"] = ScaleBenchmark.Run,
    ["head"] = HeadBenchmark.Run,
    ["latency"] = LatencyBenchmark.Run,
    ["memory"] = PredictionMemory.Run,
    ["accuracy"] = AccuracyTable.Run,
    ["fine-tune"] = FineTuneBenchmark.Run,
    ["layer-search"] = LayerSearchBenchmark.Run,
    ["fine-tune-peers"] = FineTunePeersBenchmark.Run,
    ["surf"] = SurfBenchmark.Run,
    ["digits"] = DigitsBenchmark.Run,
    ["rank"] = RankBenchmark.Run,
    ["diagnose"] = DiagnoseBenchmark.Run,
    ["yosinski"] = YosinskiBenchmark.Run,
};
try
{
    // A process that the benchmark of heads starts.
    if (args is ["head-contestant", var task, var folder, var l2])
        return HeadContestant.Run(task, folder, l2, Console.Out);
    return args is [var name, .. var options] && benchmarks.TryGetValue(name, out var run)
        ? run(options, Console.Out)
        : throw new TransferException($"The benchmarks are {string.Join(", ", benchmarks.Keys)}; name one of them, as in: -- all --repeat 3 --out RESULTS.md.");
}
catch (TransferException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 2;
}
