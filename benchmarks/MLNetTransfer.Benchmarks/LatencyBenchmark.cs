using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// One warm prediction from a JPEG file, ours and stock ML.NET's prediction engine in turns on the same files and the same graph; then
/// many callers at once. "On one core" is this library told to use one thread: what dividing the work of a lone caller brings, and costs
/// among many.
/// </summary>
internal static class LatencyBenchmark
{
    private const int Callers = 8;
    private const int RoundsBefore = 3;

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
        using var ours = ImageClassifier.Load(photos.ModelPath);
        using var oneCore = ImageClassifier.Load(photos.ModelPath, threads: 1);
        using var pipeline = new StockPipeline(photos.Backbone.CutAt(photos.Backbone.DefaultCut));
        using var stock = new StockClassifier(pipeline, photos.Images);
        (string Name, Action<string> Predict, List<double> Times)[] sides =
        [
            ("MLNetTransfer", path => ours.Predict(path), []),
            ("MLNetTransfer on one core", path => oneCore.Predict(path), []),
            ("ML.NET PredictionEngine", path => stock.Predict(path), []),
        ];
        ours.WarmUp();
        oneCore.WarmUp();
        for (var round = 0; round < RoundsBefore + options.Repeat; round++)
            // All photos by one side, then by the next: for a while after a run the threads of ONNX Runtime spin, which would slow the other side.
            foreach (var (_, predict, times) in sides)
                foreach (var path in paths)
                {
                    var elapsed = Time(() => predict(path));
                    if (round >= RoundsBefore)
                        times.Add(elapsed);
                }

        output.WriteLine($"{photos.Describe()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.");
        output.WriteLine();
        output.WriteLine($"| one prediction, ms, {sides[0].Times.Count} each, {paths.Length} at a time in turns | min | p50 | p95 | max |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, _, times) in sides)
            output.WriteLine(Row(name, times));
        output.WriteLine(FormattableString.Invariant($"| ML.NET p50 / MLNetTransfer p50 | | {Quantile(sides[2].Times, .5) / Quantile(sides[0].Times, .5):0.00} | | |"));
        output.WriteLine();
        output.WriteLine($"| {Callers} callers at once | predictions/s, median of {options.Repeat} | p50, ms | p95, ms |");
        output.WriteLine("| --- | ---: | ---: | ---: |");
        var (speeds, latencies) = (new List<double>[] { [], [] }, new List<double>[] { [], [] });
        for (var round = 0; round < options.Repeat; round++)
            for (var side = 0; side < 2; side++)
                speeds[side].Add(SpeedOfMany(paths, sides[side].Predict, latencies[side]));
        for (var side = 0; side < 2; side++)
            output.WriteLine(FormattableString.Invariant(
                $"| {sides[side].Name} | {Quantile(speeds[side], .5):0.0} | {Quantile(latencies[side], .5):0.00} | {Quantile(latencies[side], .95):0.00} |"));
        return 0;
    }

    private static double SpeedOfMany(string[] paths, Action<string> predict, List<double> latencies)
    {
        var all = new ConcurrentBag<double>();
        Thread[] callers = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            for (var i = 0; i < paths.Length; i++)
                all.Add(Time(() => predict(paths[(i + caller) % paths.Length])));
        }))];
        var milliseconds = Time(() =>
        {
            foreach (var caller in callers)
                caller.Start();
            foreach (var caller in callers)
                caller.Join();
        });
        latencies.AddRange(all);
        return Callers * paths.Length / milliseconds * 1000;
    }

    private static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static string Row(string name, List<double> times) => FormattableString.Invariant(
        $"| {name} | {times.Min():0.00} | {Quantile(times, .5):0.00} | {Quantile(times, .95):0.00} | {times.Max():0.00} |");

    private static double Quantile(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }
}
