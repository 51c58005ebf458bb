using System.Globalization;
using MLNetTransfer.Benchmarks.Transferability;
using MLNetTransfer.Torch.Native;

namespace MLNetTransfer.Benchmarks;

/// <summary>How transferable the layers of the embedded backbone are: trains what the results file lacks, or writes the report of what it holds.</summary>
internal static class YosinskiBenchmark
{
    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var options = YosinskiOptions.Parse(args);
        if (options.Report is { } page)
            return Report(new Findings(new ResultsFile(options.Results).Read()), page);
        TorchRuntime.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
        var experiment = new Experiment(options.Plan, new ResultsFile(options.Results), options.Networks);
        foreach (var seed in options.Seeds)
            foreach (var similarity in options.Similarities)
                experiment.Run(similarity, seed, result => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{similarity} {seed} {result.Run.Name}: accuracy {result.Accuracy:0.0000}, loss {result.Loss:0.000}, {result.Seconds:0} s")));
        return 0;
    }

    private static int Report(Findings findings, string page)
    {
        Write(page, new TransferabilityReport(findings).Into(File.Exists(page) ? File.ReadAllText(page) : ""));
        Write(Path.ChangeExtension(page, ".svg"), new TransferabilityPlot(findings).ToSvg());
        return 0;

        static void Write(string path, string text)
        {
            File.WriteAllText(path + ".tmp", text);
            File.Move(path + ".tmp", path, overwrite: true);
        }
    }
}
