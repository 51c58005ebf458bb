using MLNetTransfer;
using MLNetTransfer.Benchmarks;

try
{
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
