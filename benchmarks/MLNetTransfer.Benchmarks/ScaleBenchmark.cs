using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Whether memory stays and time grows straight with the number of images: each measurement is a process of its own, because the peak of a process
/// never falls. The matrix of features, which the caller asked for, is taken off the peak. With the word "cached" first, an empty cache is filled
/// on the way.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Few = 1_000;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.FirstOrDefault() == "one")
            return Child([.. args.Skip(1)], output);
        var shared = Path.Combine(FeaturiseOptions.Repository(), "..", "shared");
        var isCached = args.FirstOrDefault() == "cached";
        var options = CacheOptions.Parse([.. args.Skip(isCached ? 1 : 0)], new(
            Path.Combine(shared, "models", "mobilenet-v2-1.0-224.onnx"), "last", Path.Combine(shared, "data", "ants-bees"), Images: 20_000, Width: 96, Height: 72, Repeat: 1));
        if (options.IsSkipped(output))
            return 0;
        using var photos = new MadePhotos(options.Data, options.Images, options.Width, options.Height);
        var list = Path.Combine(Path.GetTempPath(), $"mlnettransfer-{Guid.NewGuid():N}.txt");
        File.WriteAllLines(list, photos.Images.Select(image => image.Path));
        try
        {
            output.WriteLine(FormattableString.Invariant($"{options.Images} images of {options.Width} x {options.Height} ({photos.Bytes / 1024:0.0} KiB), {Path.GetFileNameWithoutExtension(options.Backbone)} cut at {options.Cut}{(isCached ? ", an empty cache filled on the way" : "")}; a process each, {options.Repeat} rounds in turns."));
            output.WriteLine();
            output.WriteLine("| | min | median | max |");
            output.WriteLine("| --- | ---: | ---: | ---: |");
            Print([.. Enumerable.Range(0, options.Repeat).Select(_ => (
                Start(options, list, Few, isCached), Start(options, list, options.Images / 2, isCached), Start(options, list, options.Images, isCached)))],
                options.Images, output);
        }
        finally
        {
            File.Delete(list);
        }
        return 0;
    }

    private static void Print((Sample Few, Sample Half, Sample All)[] rounds, int images, TextWriter output)
    {
        output.WriteLine(CacheOptions.Row($"peak of {Few} images, MiB", rounds.Select(round => round.Few.Mebibytes), "0.0"));
        output.WriteLine(CacheOptions.Row($"peak of {images} images, MiB", rounds.Select(round => round.All.Mebibytes), "0.0"));
        output.WriteLine(CacheOptions.Row($"peak, {images} / {Few} images", rounds.Select(round => round.All.Mebibytes / round.Few.Mebibytes), "0.000"));
        output.WriteLine(CacheOptions.Row($"time of {Few} images, s", rounds.Select(round => round.Few.Seconds), "0.00"));
        output.WriteLine(CacheOptions.Row($"time of {images / 2} images, s", rounds.Select(round => round.Half.Seconds), "0.00"));
        output.WriteLine(CacheOptions.Row($"time, {images / 2} / {Few} images", rounds.Select(round => round.Half.Seconds / round.Few.Seconds), "0.00"));
    }

    private static Sample Start(CacheOptions options, string list, int images, bool isCached)
    {
        var cache = isCached ? Directory.CreateTempSubdirectory("mlnettransfer-cache-").FullName : "none";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [
                .. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? new[] { typeof(ScaleBenchmark).Assembly.Location } : [],
                "scale", "one", options.Backbone, options.Cut, list, images.ToString(CultureInfo.InvariantCulture), cache])
            {
                RedirectStandardOutput = true,
            })!;
            var text = process.StandardOutput.ReadToEnd().Split(' ');
            process.WaitForExit();
            return process.ExitCode == 0 && text.Length == 2
                ? new(double.Parse(text[0], CultureInfo.InvariantCulture), double.Parse(text[1], CultureInfo.InvariantCulture))
                : throw new TransferException($"The process that measures {images} images failed.");
        }
        finally
        {
            if (isCached)
                Directory.Delete(cache, recursive: true);
        }
    }

    /// <summary>Featurises the first images of a list and prints its peak in MiB and the seconds.</summary>
    private static int Child(IReadOnlyList<string> args, TextWriter output)
    {
        var backbone = args[0] == "embedded" ? Backbones.Backbone.Embedded : Backbones.Backbone.Load(args[0]);
        string[] paths = [.. File.ReadLines(args[2]).Take(int.Parse(args[3], CultureInfo.InvariantCulture))];
        using var cache = args[4] == "none" ? null : new FeatureCache(args[4], Console.Error.WriteLine);
        using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.FindCut(args[1])), null, cache);
        // Compiled, and every pool filled.
        extractor.Extract(paths[..50]);
        var started = Stopwatch.GetTimestamp();
        var result = extractor.Extract(paths);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var matrix = (double)result.Features.Rows * result.Features.Columns * sizeof(float);
        output.Write(FormattableString.Invariant($"{(process.PeakWorkingSet64 - matrix) / (1 << 20)} {seconds}"));
        return result.Rows.Count == paths.Length ? 0 : 1;
    }

    /// <summary>The peak without the features, and the time.</summary>
    private sealed record Sample(double Mebibytes, double Seconds);
}
