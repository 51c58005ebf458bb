using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Backbones;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Cross-validated accuracy with layers trained above a cut against that of the same cut frozen, on the same images, over several seeds: the difference with its
/// interval, image by image.
/// </summary>
internal static class FineTuneBenchmark
{
    private const string Usage = "Usage: -- fine-tune --data DIR [--backbone FILE] [--cut NAME] [--frozen NAME|auto] --from CUT [--seeds N] [--folds N] [--epochs N] [--rate X] [--layer-rate X] [--batch N] "
        + "[--augment none|mirror|turns] [--views N] [--optimizer adamw|sgd] [--smoothing X] [--dropout X] [--home X] [--hidden N] [--mixup X] [--crop X] [--colour X] [--decay X] [--validation X]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        if (args.Count % 2 != 0)
            throw new TransferException(Usage);
        var given = Enumerable.Range(0, args.Count / 2).ToDictionary(i => args[2 * i], i => args[2 * i + 1]);
        string Text(string name, string otherwise) => given.Remove(name, out var value) ? value : otherwise;
        double Number(string name, double otherwise) => double.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

        var images = ImageSet.Read(Text("--data", ""));
        var backbone = Text("--backbone", "") is { Length: > 0 } file ? Backbone.Load(file) : Backbone.Embedded;
        var (cut, frozenCut, seeds) = (Text("--cut", Cut.Last), Text("--frozen", Cut.Last), (int)Number("--seeds", 1));
        var defaults = new FineTuningOptions { Cut = Text("--from", "") };
        var tuning = defaults with
        {
            Epochs = (int)Number("--epochs", defaults.Epochs),
            Folds = (int)Number("--folds", defaults.Folds),
            LearningRate = Number("--rate", defaults.LearningRate),
            LayerRate = Number("--layer-rate", defaults.LayerRate),
            BatchSize = (int)Number("--batch", defaults.BatchSize),
            Views = (int)Number("--views", defaults.Views),
            Optimizer = Enum.Parse<FineTuningOptimizer>(Text("--optimizer", "adamw"), ignoreCase: true),
            LabelSmoothing = Number("--smoothing", defaults.LabelSmoothing),
            Dropout = Number("--dropout", defaults.Dropout),
            PretrainedDecay = Number("--home", defaults.PretrainedDecay),
            WeightDecay = Number("--decay", defaults.WeightDecay),
            HiddenUnits = (int)Number("--hidden", defaults.HiddenUnits),
            ValidationShare = Number("--validation", defaults.ValidationShare),
            Augmentation = (Text("--augment", "mirror") switch { "turns" => Augmentation.Turns, "mirror" => new Augmentation(), _ => Augmentation.None })
                with
            { MixUp = Number("--mixup", 0), Crop = Number("--crop", 1), Colour = Number("--colour", 0) },
        };
        if (given.Count > 0)
            throw new TransferException($"Received '{given.Keys.First()}'. {Usage}");

        var (differences, frozenRight, tunedRight, seconds) = (Array.Empty<double>(), 0d, 0d, new List<double>());
        for (var seed = 1; seed <= seeds; seed++)
        {
            var options = new TransferOptions { Backbone = backbone, Cut = frozenCut, Seed = seed, TestFraction = 0 };
            var frozen = TransferTrainer.Train(images, options);
            var clock = Stopwatch.StartNew();
            var tuned = FineTuner.Train(images, tuning, new TransferOptions { Backbone = backbone, Cut = cut, Seed = seed, TestFraction = 0 });
            seconds.Add(clock.Elapsed.TotalSeconds);
            double[] before = RightOf(frozen), after = RightOf(tuned);
            if (differences.Length == 0)
                differences = new double[before.Length];
            for (var i = 0; i < before.Length; i++)
                differences[i] += (after[i] - before[i]) / seeds;
            (frozenRight, tunedRight) = (frozenRight + before.Average() / seeds, tunedRight + after.Average() / seeds);
            output.WriteLine(FormattableString.Invariant($"seed {seed}: frozen {before.Average():0.000}, fine-tuned {after.Average():0.000} (log-loss {frozen.Validation.Result.LogLoss:0.000}, {tuned.Validation.Result.LogLoss:0.000}), {seconds[^1]:0} s{string.Concat(tuned.Warnings.Select(warning => $"; {warning}"))}"));
        }
        var difference = PairedDifference.Of(differences);
        output.WriteLine(FormattableString.Invariant($"{images.Images.Count} images, {seeds} seeds: frozen at {frozenCut} {frozenRight:0.000}, trained from {tuning.Cut} {tunedRight:0.000}, difference {difference.Value:+0.000;-0.000} [{difference.Low:+0.000;-0.000}, {difference.High:+0.000;-0.000}], {seconds.Average():0} s a run"));
        return 0;
    }

    private static double[] RightOf(TransferResult result)
    {
        var (validation, threshold) = (result.Validation, result.Model.Card.Threshold);
        var probabilities = validation.Probabilities;
        return [.. validation.Images.LabelIndices.Select((label, row) => threshold is null
            ? Evaluator.Decide(probabilities.Row(row), null, 0) == label ? 1d : 0
            : (probabilities.Row(row)[1] >= 0.5) == (label == 1) ? 1d : 0)];
    }
}
