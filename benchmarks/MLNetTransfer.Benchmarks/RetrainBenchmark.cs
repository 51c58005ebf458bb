using System.Diagnostics;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// The whole of <see cref="TransferTrainer.Train"/> on photos of which 1 % are new: without a cache, and with one that holds the others. Same
/// seed, same process, in turns; both give the same model, byte for byte, or the run fails.
/// </summary>
internal static class RetrainBenchmark
{
    private const double New = 0.01;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var shared = Path.Combine(FeaturiseOptions.Repository(), "..", "shared");
        var options = CacheOptions.Parse(args, new(
            Path.Combine(shared, "models", "mobilenet-v2-1.0-224.onnx"), "last", Path.Combine(shared, "data", "ants-bees"), Images: 1000, Width: 1024, Height: 768, Repeat: 3));
        if (options.IsSkipped(output))
            return 0;
        var rounds = Measure(options, output);
        output.WriteLine($"| retraining, {options.Repeat} rounds in turns | min | median | max |");
        output.WriteLine("| --- | ---: | ---: | ---: |");
        output.WriteLine(CacheOptions.Row("without a cache, s", rounds.Select(round => round.Cold.All), "0.00"));
        output.WriteLine(CacheOptions.Row("of which the head, s", rounds.Select(round => round.Cold.Head), "0.00"));
        output.WriteLine(CacheOptions.Row("with the cache, s", rounds.Select(round => round.Cached.All), "0.00"));
        output.WriteLine(CacheOptions.Row("of which the head, s", rounds.Select(round => round.Cached.Head), "0.00"));
        output.WriteLine(CacheOptions.Row("without a cache, processor seconds", rounds.Select(round => round.Cold.Processor), "0.00"));
        output.WriteLine(CacheOptions.Row("of which the head, processor seconds", rounds.Select(round => round.Cold.HeadProcessor), "0.00"));
        output.WriteLine(CacheOptions.Row("with the cache, processor seconds", rounds.Select(round => round.Cached.Processor), "0.00"));
        output.WriteLine(CacheOptions.Row("of which the head, processor seconds", rounds.Select(round => round.Cached.HeadProcessor), "0.00"));
        output.WriteLine(CacheOptions.Row("ratio within a round", rounds.Select(round => round.Cold.All / round.Cached.All), "0.0"));
        output.WriteLine(CacheOptions.Row("ratio of the features alone", rounds.Select(round => (round.Cold.All - round.Cold.Head) / (round.Cached.All - round.Cached.Head)), "0.0"));
        return 0;
    }

    private static IReadOnlyList<(Times Cold, Times Cached)> Measure(CacheOptions options, TextWriter output)
    {
        using var photos = new MadePhotos(options.Data, options.Images, options.Width, options.Height);
        var backbone = options.Load();
        var folder = Directory.CreateTempSubdirectory("mlnettransfer-cache-").FullName;
        try
        {
            var full = Path.Combine(folder, "full");
            var isNew = RandomStream.Derive(1, "new");
            var old = photos.Images.Where(_ => isNew.NextDouble() >= New).ToArray();
            using (var cache = new FeatureCache(full, output.WriteLine))
            using (var extractor = new BottleneckExtractor(backbone.CutAt(backbone.FindCut(options.Cut)), null, cache))
                extractor.Extract([.. old.Select(image => image.Path)]);
            output.WriteLine(FormattableString.Invariant(
                $"{photos.Images.Count} photos of {options.Width} x {options.Height} ({photos.Bytes / 1024:0} KiB), {photos.Images.Count - old.Length} of them new, {backbone.Name} cut at {options.Cut}; cache of {new FileInfo(Path.Combine(full, "features.db")).Length / (double)(1 << 20):0.0} MiB."));
            output.WriteLine();

            var rounds = new List<(Times, Times)>();
            for (var round = 0; round < options.Repeat; round++)
            {
                var copy = Directory.CreateDirectory(Path.Combine(folder, $"{round}")).FullName;
                File.Copy(Path.Combine(full, "features.db"), Path.Combine(copy, "features.db"));
                var (cold, model) = Train(photos.Images, new TransferOptions { Backbone = backbone, Cut = options.Cut });
                using var cache = new FeatureCache(copy, output.WriteLine);
                var (cached, same) = Train(photos.Images, new TransferOptions { Backbone = backbone, Cut = options.Cut, Cache = cache });
                if (cache.Found != old.Length || !same.SequenceEqual(model))
                    throw new TransferException($"Expected the same model and {old.Length} features from the cache; received {cache.Found} and {(same.SequenceEqual(model) ? "the same" : "another")} model.");
                rounds.Add((cold, cached));
            }
            return rounds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (Times Times, byte[] Model) Train(IReadOnlyList<LabeledImage> images, TransferOptions options)
    {
        var clock = new HeadClock();
        var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = TransferTrainer.Train(new ImageSet(images), options, clock);
        var (ended, processorEnd) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var file = Path.GetTempFileName();
        try
        {
            result.Model.Save(file);
            return (new(Stopwatch.GetElapsedTime(started, ended).TotalSeconds, Stopwatch.GetElapsedTime(clock.Read, ended).TotalSeconds,
                (processorEnd - processor).TotalSeconds, (processorEnd - clock.ReadProcessor).TotalSeconds), File.ReadAllBytes(file));
        }
        finally
        {
            File.Delete(file);
            File.Delete(TransferModel.CardPathOf(file));
        }
    }

    /// <summary>Seconds of a training, and of what comes after the last image.</summary>
    private sealed record Times(double All, double Head, double Processor, double HeadProcessor);

    private sealed class HeadClock : IProgress<TransferProgress>
    {
        public long Read { get; private set; }

        public TimeSpan ReadProcessor { get; private set; }

        public void Report(TransferProgress value)
        {
            if (value.Stage.StartsWith("reading", StringComparison.Ordinal))
                (Read, ReadProcessor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        }
    }
}
