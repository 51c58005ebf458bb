using MLNetTransfer;
using MLNetTransfer.Benchmarks;

try
{
    return args switch
    {
        ["featurise", .. var options] => FeaturiseBenchmark.Run(options, Console.Out),
        ["featurise-peers", .. var options] => PeersBenchmark.Run(options, Console.Out),
        ["all", .. var options] => AllBenchmarks.Run(options, Console.Out),
        ["quantise", .. var options] => QuantiseBenchmark.Run(options, Console.Out),
        ["accuracy", .. var options] => AccuracyTable.Run(options, Console.Out),
        ["retrain", .. var options] => RetrainBenchmark.Run(options, Console.Out),
        ["scale", .. var options] => ScaleBenchmark.Run(options, Console.Out),
        _ => throw new TransferException("The benchmarks are 'featurise', 'quantise', 'accuracy', 'retrain' and 'scale'; name one of them, as in: -- featurise --repeat 3."),
        _ => throw new TransferException("The benchmarks are 'all', 'featurise', 'featurise-peers', 'quantise' and 'accuracy'; name one of them, as in: -- all --repeat 3 --out RESULTS.md."),
    };
}
catch (TransferException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 2;
}
