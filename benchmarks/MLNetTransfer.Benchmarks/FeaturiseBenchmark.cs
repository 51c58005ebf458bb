using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Image files -> features by <see cref="BottleneckExtractor"/> and by stock ML.NET: the same files, the same graph, one process, in turns. Loading
/// the network is not timed; every image is decoded every time.
/// </summary>
internal static class FeaturiseBenchmark
{
    private const int TimesForMemory = 5;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var options = FeaturiseOptions.Parse(args);
        if (options.Data.Prepend(options.Backbone).FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
        {
            output.WriteLine($"Skipped: '{missing}' is not on this machine. Name other data with --backbone and --data.");
            return 0;
        }

        var report = new StringBuilder();
        void Line(string line)
        {
            output.WriteLine(line);
            report.Append(line).Append('\n');
        }

        var backbone = Backbone.Load(options.Backbone);
        var cut = backbone.CutAt(backbone.DefaultCut);
        using var extractor = new BottleneckExtractor(cut);
        var files = FilesBothRead(options, extractor, Line);
        Line("");
        Line($"{files.Count} images, {backbone.Name} cut at {cut.Cut}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.");
        Line("");
        // First, because the peak of a process never falls.
        MeasureMemory(extractor, files, Line);

        using var stock = new StockPipeline(cut);
        CompareFeatures(extractor, stock, files, Line);
        FeaturiseRounds.Measure(cut, extractor, stock, files, options.Repeat).Print(Line);
        if (options.Out is { } path)
        {
            File.WriteAllText(path + ".tmp", "# Featurising, as measured by the benchmark project\n" + report);
            File.Move(path + ".tmp", path, overwrite: true);
        }

        return 0;
    }

    private static IReadOnlyList<string> FilesBothRead(FeaturiseOptions options, BottleneckExtractor extractor, Action<string> line)
    {
        var files = ImageFiles.Find(options.Data);
        var refused = extractor.Extract(files).Skipped.ToDictionary(image => image.Path, image => image.Reason);
        var both = new List<string>();
        foreach (var file in files)
            if ((refused.GetValueOrDefault(file) ?? StockPipeline.Refuses(file)) is { } reason)
                line($"Left out for both: {Path.GetFileName(file)}, {reason}");
            else
                both.Add(file);
        return both;
    }

    private static void MeasureMemory(BottleneckExtractor extractor, IReadOnlyList<string> files, Action<string> line)
    {
        extractor.Extract(files);
        var once = PeakMegabytes();
        extractor.Extract([.. Enumerable.Repeat(files, TimesForMemory).SelectMany(each => each)]);
        var many = PeakMegabytes();
        var matrix = (TimesForMemory - 1) * files.Count * (double)extractor.Dimensions * sizeof(float) / (1 << 20);
        line("| memory of the extractor | peak working set, MiB |");
        line("| --- | ---: |");
        line(FormattableString.Invariant($"| {files.Count} images | {once:0} |"));
        line(FormattableString.Invariant($"| {TimesForMemory * files.Count} images | {many:0} |"));
        line(FormattableString.Invariant($"| growth, of which the larger feature matrix is {matrix:0} | {many - once:0} |"));
        line("");
    }

    /// <summary>Shows that both sides do the same work; they differ by the resize (nearest neighbour there) and the averaged deviation.</summary>
    private static void CompareFeatures(BottleneckExtractor extractor, StockPipeline stock, IReadOnlyList<string> files, Action<string> line)
    {
        string[] sample = [.. files.Where((_, i) => i % 17 == 0)];
        var ours = extractor.Extract(sample).Features;
        var theirs = stock.Featurise(sample);
        var similar = theirs.Select((features, row) => TensorPrimitives.CosineSimilarity(ours.Row(row), features)).Order().ToArray();
        line(FormattableString.Invariant($"Features of both agree: cosine similarity {similar[0]:0.000} / {similar[similar.Length / 2]:0.000} / {similar[^1]:0.000} (min / median / max of {sample.Length} images)."));
        line("");
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }
}
