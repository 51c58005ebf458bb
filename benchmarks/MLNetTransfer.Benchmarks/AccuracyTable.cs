using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Nested cross-validated accuracy of every cut of a backbone, and of the one chosen, on folders of photos, as the model card of the embedded backbone prints it.
/// </summary>
internal static class AccuracyTable
{
    private const string Usage = "Usage: -- accuracy [--backbone FILE|embedded] [--cut NAME|last|auto ...] --data DIR [--data DIR ...]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (backbone, data, cuts) = (Backbone.Embedded, new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i], args.ElementAtOrDefault(i + 1))
            {
                case ("--backbone", "embedded"): break;
                case ("--backbone", { } file): backbone = Backbone.Load(file); break;
                case ("--cut", { } name): cuts.Add(name); break;
                case ("--data", { } folder): data.Add(folder); break;
                default: throw new TransferException($"Received '{args[i]}'. {Usage}");
            }
        }

        if (data.Count == 0)
            throw new TransferException($"Name the photos. {Usage}");
        output.WriteLine($"| {backbone.Name}, cut | features | {string.Join(" | ", data.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))))} |");
        output.WriteLine($"| --- | ---: |{string.Concat(data.Select(_ => " --- |"))}");
        if (cuts.Count == 0)
            cuts = [.. backbone.Cuts.Select(cut => cut.Name), Cut.Auto];
        foreach (var cut in cuts)
        {
            var features = cut == Cut.Auto ? "chosen" : FormattableString.Invariant($"{backbone.FindCut(cut).Dimensions}");
            output.WriteLine($"| {cut} | {features} | {string.Join(" | ", data.Select(folder => Measure(folder, backbone, cut)))} |");
        }
        return 0;
    }

    private static string Measure(string folder, Backbone backbone, string cut)
    {
        var trained = TransferTrainer.Train(ImageSet.Read(folder), new TransferOptions { Backbone = backbone, Cut = cut, TestFraction = 0 });
        var result = trained.Validation.Result;
        var chosen = cut == Cut.Auto ? $" ({trained.Model.Card.Cut})" : "";
        return FormattableString.Invariant($"{result.Accuracy:0.000} [{result.AccuracyInterval.Low:0.000}, {result.AccuracyInterval.High:0.000}]{chosen}");
    }
}
