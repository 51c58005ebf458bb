using MLNetTransfer;
using MLNetTransfer.Benchmarks;

try
{
    return args switch
    {
        ["featurise", .. var options] => FeaturiseBenchmark.Run(options, Console.Out),
        ["latency", .. var options] => LatencyBenchmark.Run(options, Console.Out),
        ["memory", .. var options] => PredictionMemory.Run(options, Console.Out),
        ["accuracy", .. var options] => AccuracyTable.Run(options, Console.Out),
        _ => throw new TransferException("The benchmarks are 'featurise', 'latency', 'memory' and 'accuracy'; name one of them, as in: -- featurise --repeat 3."),
    };
}
catch (TransferException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 2;
}
