using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Images learnt from a second while the upper layers of MobileNetV2 train, beside PyTorch on the same graph, photos, batch and cut; what the frozen layers compute counts on both sides.
/// Ours trains twice at a time as a cross-validation does, one thread each, and once on both threads.
/// </summary>
internal static class FineTunePeersBenchmark
{
    private const string Usage = "Usage: -- fine-tune-peers --data DIR [--repeat N] [--epochs N] [--python FILE]";

    /// <summary>The block of torchvision's network from which on layers train, and the tensor of the exported graph below it.</summary>
    private const int Block = 14;
    private const int Batch = 16;

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var given = Enumerable.Range(0, args.Count / 2).ToDictionary(i => args[2 * i], i => args[2 * i + 1]);
        if (!given.TryGetValue("--data", out var data))
            throw new TransferException(Usage);
        var repeat = int.Parse(given.GetValueOrDefault("--repeat", "3"), CultureInfo.InvariantCulture);
        var epochs = int.Parse(given.GetValueOrDefault("--epochs", "12"), CultureInfo.InvariantCulture);
        var images = ImageSet.Read(data);
        var folder = Directory.CreateTempSubdirectory("mlnettransfer-bench-");
        try
        {
            var (onnx, list) = (Path.Combine(folder.FullName, "mobilenet-v2.onnx"), Path.Combine(folder.FullName, "photos.txt"));
            File.WriteAllText(list, string.Join('\n', images.Images.Select(image => Path.GetFullPath(image.Path))));
            var start = new ProcessStartInfo(given.GetValueOrDefault("--python", "/usr/bin/python3"),
                [Path.Combine(AppContext.BaseDirectory, "fine_tune_peer.py"), onnx, list, $"{Block}", $"{epochs}", $"{Batch}"])
            { RedirectStandardInput = true, RedirectStandardOutput = true };
            using var peer = Process.Start(start) ?? throw new TransferException("Python did not start.");
            output.WriteLine(peer.StandardOutput.ReadLine());
            var backbone = Backbone.Load(onnx);
            var network = backbone.CutAt(backbone.DefaultCut);
            var from = backbone.Cuts.Last(cut => cut.Shape is { Channels: 96, Height: 14 });
            output.WriteLine(FormattableString.Invariant($"{images.Images.Count} photos, {epochs} epochs, batches of {Batch}, trained from {from} on"));

            (string Name, Func<double> Run)[] rows =
            [
                ("PyTorch, photos decoded every epoch", () => Ask("decoded")),
                ("PyTorch, photos kept as tensors", () => Ask("tensors")),
                ("PyTorch, activations of frozen layers kept", () => Ask("cached")),
                ("ours, one training on two threads", () => Ours(1)),
                ("ours, two trainings at a time (a cross-validation)", () => Ours(2)),
            ];
            var speeds = rows.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < repeat; round++)
                for (var i = 0; i < rows.Length; i++)
                    speeds[i].Add(rows[i].Run());
            output.WriteLine("| images a second | min | median | max | ratio of medians to the first row |");
            output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            foreach (var (i, row) in rows.Index())
            {
                var sorted = speeds[i].Order().ToList();
                output.WriteLine(FormattableString.Invariant($"| {row.Name} | {sorted[0]:0.0} | {sorted[repeat / 2]:0.0} | {sorted[^1]:0.0} | {sorted[repeat / 2] / speeds[0].Order().ElementAt(repeat / 2):0.00} |"));
            }
            peer.StandardInput.WriteLine("quit");
            return 0;

            double Ask(string way)
            {
                peer.StandardInput.WriteLine(way);
                peer.StandardInput.Flush();
                return double.Parse(peer.StandardOutput.ReadLine()!.Split(' ')[1], CultureInfo.InvariantCulture);
            }

            double Ours(int trainings)
            {
                var options = new FineTuningOptions { Cut = from.Name, Epochs = epochs, BatchSize = Batch, LearningRate = 1e-4, Augmentation = Augmentation.None };
                var transfer = new TransferOptions { Threads = 2 };
                var clock = Stopwatch.StartNew();
                using var extractor = new BottleneckExtractor(network, 2);
                var featurised = FeaturisedImages.Extract(images, extractor, "", null, CancellationToken.None);
                int[] all = [.. Enumerable.Range(0, featurised.Images.Images.Count)];
                using var layers = new UpperLayers(network, featurised, all, options, transfer, null, CancellationToken.None);
                Parallel.For(0, trainings, i => layers.Train(all, [], $"{i}", 2 / trainings, writes: false, null, CancellationToken.None));
                return all.Length * epochs * trainings / clock.Elapsed.TotalSeconds;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
