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
    ["accuracy"] = AccuracyTable.Run,
};
try
{
    return args is [var name, .. var options] && benchmarks.TryGetValue(name, out var run)
        ? run(options, Console.Out)
        : throw new TransferException($"The benchmarks are {string.Join(", ", benchmarks.Keys)}; name one of them, as in: -- all --repeat 3 --out RESULTS.md.");
    return args switch
    {
        ["featurise", .. var options] => FeaturiseBenchmark.Run(options, Console.Out),
        ["accuracy", .. var options] => AccuracyTable.Run(options, Console.Out),
        ["head", .. var options] => HeadBenchmark.Run(options, Console.Out),
        ["head-contestant", var task, var folder, var l2] => HeadContestant.Run(task, folder, l2, Console.Out),
        _ => throw new TransferException("The benchmarks are 'featurise', 'accuracy' and 'head'; name one of them, as in: -- featurise --repeat 3."),
    };
}
catch (TransferException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 2;
}
