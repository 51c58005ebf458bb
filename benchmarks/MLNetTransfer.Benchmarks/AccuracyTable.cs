using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Nested cross-validated accuracy of every cut of a backbone on folders of photos, as the model card of the embedded backbone prints it.
/// </summary>
internal static class AccuracyTable
{
    private const string Usage = "Usage: -- accuracy [--backbone FILE|embedded] --data DIR [--data DIR ...]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (backbone, data) = (Backbone.Embedded, new List<string>());
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--backbone", "embedded"): break;
                case ("--backbone", { } file): backbone = Backbone.Load(file); break;
                case ("--data", { } folder): data.Add(folder); break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }

        if (data.Count == 0)
            throw new TransferException($"Name the photos. {Usage}");
        output.WriteLine($"| {backbone.Name}, cut | features | {string.Join(" | ", data.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))))} |");
        output.WriteLine($"| --- | ---: |{string.Concat(data.Select(_ => " --- |"))}");
        foreach (var cut in backbone.Cuts)
            output.WriteLine(FormattableString.Invariant($"| {cut.Name} | {cut.Dimensions} | {string.Join(" | ", data.Select(folder => Measure(folder, backbone, cut)))} |"));
        return 0;
    }

    private static string Measure(string folder, Backbone backbone, Cut cut)
    {
        var options = new TransferOptions { Backbone = backbone, Cut = cut.Name, TestFraction = 0 };
        var result = TransferTrainer.Train(ImageSet.Read(folder), options).Validation.Result;
        return FormattableString.Invariant($"{result.Accuracy:0.000} [{result.AccuracyInterval.Low:0.000}, {result.AccuracyInterval.High:0.000}]");
    }
}
