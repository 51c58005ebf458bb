using System.Globalization;
using System.Runtime.InteropServices;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Networks in 32-bit floats against the same in 8-bit integers: images a second of ONNX Runtime in turns, a thread a core, without decoding; and, for
/// trained networks, the accuracy on photos. The residual networks of 18 and 50 layers have random weights, which change no speed.
/// </summary>
internal static class QuantiseBenchmark
{
    private const string Usage = "Usage: -- quantise [--rounds N] [--seconds X] [--networks NAME,...] [--data DIR ...]";
    private static readonly string Shared = Path.GetFullPath(Path.Combine(Repository(), "..", "shared"));

    private static readonly (string Name, Func<Backbone?> Load, bool IsTrained)[] Networks =
    [
        ("resnet-18", () => Backbone.FromBytes(ResNetGraph.Build(18), null, "resnet-18"), false),
        ("resnet-50", () => Backbone.FromBytes(ResNetGraph.Build(50), null, "resnet-50"), false),
        ("formula-resnet", () => Backbone.Embedded, true),
        ("mobilenet-v2", () => LoadShared("mobilenet-v2-1.0-224.onnx"), true),
    ];

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (rounds, seconds, data, names) = (11, 1.0, new List<string>(), Networks.Select(network => network.Name).ToArray());
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--rounds", { } text) when int.TryParse(text, CultureInfo.InvariantCulture, out rounds) && rounds > 0: break;
                case ("--seconds", { } text) when double.TryParse(text, CultureInfo.InvariantCulture, out seconds) && seconds > 0: break;
                case ("--networks", { } text): names = text.Split(','); break;
                case ("--data", { } folder): data.Add(folder); break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }

        if (data.Count == 0)
            data = [.. new[] { "concrete-cracks", "ants-bees", "flowers" }.Select(name => Path.Combine(Shared, "data", name))];
        output.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {rounds} rounds in turns, min / median / max.");
        output.WriteLine();
        output.WriteLine("| network | photos | int8 / float convolutions | float images/s | int8 images/s | ratio | signal to noise | cosine median / least | float accuracy | int8 accuracy | difference, points [95 %] |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | ---: | --- | ---: | ---: | --- |");
        foreach (var (name, load, isTrained) in Networks.Where(network => names.Contains(network.Name)))
        {
            if (load() is not { } backbone)
            {
                output.WriteLine($"| {name} | skipped: the network is not on this machine |");
                continue;
            }

            var sets = data.Where(Directory.Exists).ToArray();
            if (sets.Length == 0)
                sets = [Path.Combine(Repository(), "data", "surfaces", "asphalt", "train")];
            foreach (var set in isTrained ? sets : sets[..1])
                Measure(name, backbone, set, isTrained, rounds, TimeSpan.FromSeconds(seconds), output);
        }

        return 0;
    }

    private static void Measure(string name, Backbone backbone, string folder, bool isTrained, int rounds, TimeSpan stretch, TextWriter output)
    {
        var images = ImageSet.Read(folder);
        if (!isTrained)
            images = new ImageSet(images.Images.Where((_, i) => i % 4 == 0).Select(image => image with { Label = "" }));
        var options = new QuantizationTrialOptions
        {
            Rounds = rounds,
            Stretch = stretch,
            Threads = Environment.ProcessorCount,
            CalibrationImages = isTrained ? new QuantizationTrialOptions().CalibrationImages : 16,
            // To random weights all photos look nearly the same: the noise of their features says nothing about trained ones.
            Quantization = isTrained ? new() : new() { FloatConvolutions = 0 },
        };
        var verdict = QuantizationTrial.Run(backbone, images, options);
        var quantised = verdict.Quantized;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Path.GetFileName(folder)} | {quantised.Convolutions - quantised.FloatConvolutions} / {quantised.FloatConvolutions} | {Spread(verdict.FloatSpeeds, "0.0")} | {Spread(verdict.QuantizedSpeeds, "0.0")} "
            + $"| {Spread([.. verdict.FloatSpeeds.Zip(verdict.QuantizedSpeeds, (slow, fast) => fast / slow)], "0.00")} | {quantised.SignalToNoise:0.0} dB | {verdict.MedianSimilarity:0.0000} / {verdict.LeastSimilarity:0.0000} "
            + $"| {verdict.FloatAccuracy:0.000} | {verdict.QuantizedAccuracy:0.000} | {(verdict.Difference is { } d ? FormattableString.Invariant($"{100 * d.Value:+0.00;-0.00;0.00} [{100 * d.Low:+0.0;-0.0}, {100 * d.High:+0.0;-0.0}]") : "")} |"));
    }

    private static string Spread(IReadOnlyList<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return string.Join(" / ", new[] { sorted[0], median, sorted[^1] }.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }

    private static Backbone? LoadShared(string file) =>
        File.Exists(Path.Combine(Shared, "models", file)) ? Backbone.Load(Path.Combine(Shared, "models", file)) : null;

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLNetTransfer.sln")))
            folder = folder.Parent ?? throw new TransferException("Run the benchmark inside the repository.");
        return folder.FullName;
    }
}
