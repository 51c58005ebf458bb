using System.Diagnostics;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Memory over 10,000 predictions of one classifier, sampled after a full collection: the slopes of least-squares lines through the managed
/// heap and the working set, in bytes a prediction, with their standard errors. A slope within two of them is none that can be measured.
/// </summary>
internal static class PredictionMemory
{
    private const int Predictions = 10_000;
    private const int Before = 2_000;
    private const int Interval = 100;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var options = FeaturiseOptions.Parse(args);
        if (options.Data.Prepend(options.Backbone).FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
        {
            output.WriteLine($"Skipped: '{missing}' is not on this machine. Name other data with --backbone and --data.");
            return 0;
        }

        using var photos = new ServedPhotos(options);
        string[] paths = [.. photos.Images.Images.Select(image => image.Path)];
        using var classifier = ImageClassifier.Load(photos.ModelPath);
        classifier.WarmUp();
        var (managed, native) = (new double[Predictions / Interval], new double[Predictions / Interval]);
        var allocated = 0L;
        for (var i = -Before; i < Predictions; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            classifier.Predict(paths[(i + Before) % paths.Length]);
            if (i < 0)
                continue;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if ((i + 1) % Interval == 0)
                (managed[i / Interval], native[i / Interval]) = Sample();
        }

        output.WriteLine(FormattableString.Invariant($"{photos.Describe()}; {Predictions} predictions after {Before}, a sample every {Interval}; {allocated / Predictions} bytes allocated a prediction."));
        output.WriteLine();
        output.WriteLine("| memory | first sample, MiB | last, MiB | slope, bytes a prediction | standard error |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        output.WriteLine(Row("managed heap", managed));
        output.WriteLine(Row("working set", native));
        return 0;
    }

    private static (double Managed, double Native) Sample()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (managed, process.WorkingSet64);
    }

    private static string Row(string name, double[] samples)
    {
        const double Mebi = 1 << 20;
        var (n, meanX, meanY) = (samples.Length, (samples.Length - 1) / 2.0, samples.Average());
        double xx = 0, xy = 0;
        for (var i = 0; i < n; i++)
        {
            xx += (i - meanX) * (i - meanX);
            xy += (i - meanX) * (samples[i] - meanY);
        }
        var slope = xy / xx;
        var residual = samples.Select((y, i) => y - meanY - slope * (i - meanX)).Sum(error => error * error);
        var deviation = Math.Sqrt(residual / (n - 2) / xx);
        return FormattableString.Invariant(
            $"| {name} | {samples[0] / Mebi:0.00} | {samples[^1] / Mebi:0.00} | {slope / Interval:0.0} | {deviation / Interval:0.0} |");
    }
}
