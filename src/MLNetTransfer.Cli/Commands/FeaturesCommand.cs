using System.CommandLine;
using System.Globalization;
using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>features</c>: the bottlenecks of every image as a CSV file, for other tools.</summary>
internal static class FeaturesCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, backbone, cut) = (SharedOptions.Data(), SharedOptions.Backbone(), SharedOptions.Cut());
        cut.HelpName = "NAME|last";
        data.Description = "A folder with one sub-folder per class, a CSV/TSV manifest, or a folder of images without classes.";
        var output = new Option<string>("--out") { Required = true, HelpName = "FILE.csv", Description = "The CSV file to write: path, label, one column a feature." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("features", "Write what the network sees in each photo as a table of numbers.") { backbone, cut, data, output, noCache };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            OutputFiles.Require([parsed.GetValue(data), parsed.GetValue(backbone)], path);
            var images = Read(parsed.GetRequiredValue(data));
            var network = SharedOptions.Resolve(parsed.GetValue(backbone)!);
            if (parsed.GetValue(cut) == Cut.Auto)
                throw new TransferException($"A cut is chosen by training on classes, which a table of features is not; received '{Cut.Auto}'. "
                    + $"Name one: {string.Join(", ", network.Cuts.Select(place => place.Name).Prepend(Cut.Last).Distinct())}.");
            using var cache = UserFeatureCache.Open(parsed, noCache);
            using var extractor = new BottleneckExtractor(network.CutAt(network.FindCut(parsed.GetValue(cut)!)), cache: cache.Cache);
            var result = terminal.WithProgress("reading images", images.Count, progress => extractor.Extract([.. images.Select(image => image.Path)], progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, network, FeatureWarnings.Of(result.Features));
            OutputFiles.Write(path, stream => Write(stream, images, result));
            terminal.ListSkipped(result.Skipped);
            terminal.Say(FormattableString.Invariant($"{result.Features.Rows} images x {result.Features.Columns} features in {path}."));
            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    /// <summary>Labelled images, or unlabelled ones (an empty label) when the folder has no folders of classes.</summary>
    private static IReadOnlyList<LabeledImage> Read(string path) =>
        Directory.Exists(path) && Directory.EnumerateDirectories(path).All(folder => Path.GetFileName(folder).StartsWith('.'))
            ? [.. ImageFiles.Find([path]).Select(file => new LabeledImage(file, ""))]
            : ImageSet.Read(path).Images;

    private static void Write(Stream stream, IReadOnlyList<LabeledImage> images, BottleneckResult result)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
        writer.Write("path,label");
        for (var column = 0; column < result.Features.Columns; column++)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $",f{column}"));
        writer.WriteLine();
        for (var row = 0; row < result.Features.Rows; row++)
        {
            var image = images[result.Rows[row]];
            writer.Write($"{Quote(image.Path)},{Quote(image.Label)}");
            foreach (var value in result.Features.Row(row))
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{value}"));
            writer.WriteLine();
        }
    }

    /// <summary>A field as RFC 4180 writes it.</summary>
    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
