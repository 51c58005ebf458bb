using MLNetTransfer;
using MLNetTransfer.Benchmarks;

try
{
    if (args is not ["featurise", .. var options])
        throw new TransferException("The benchmark is 'featurise'. Usage: -- featurise [--backbone FILE] [--data DIR ...] [--repeat N] [--out FILE.md]");
    return FeaturiseBenchmark.Run(options, Console.Out);
}
catch (TransferException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 2;
}
