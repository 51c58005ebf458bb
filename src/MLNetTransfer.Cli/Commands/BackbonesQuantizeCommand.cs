using System.CommandLine;
using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones quantize</c>: a network of 8-bit integers, measured on the user's photos before it is offered.</summary>
internal static class BackbonesQuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var (data, cut, seed, json) = (SharedOptions.Data(), SharedOptions.Cut(), SharedOptions.Seed(), SharedOptions.Json());
        var backbone = new Argument<string>("NAME|FILE") { Description = "The network in 32-bit floats: a name or an ONNX file." };
        var output = new Option<string>("--out") { Required = true, HelpName = "FILE.onnx", Description = "The file to write; its description, FILE.json, goes beside it." };
        var images = new Option<int>("--images") { HelpName = "N", DefaultValueFactory = _ => new QuantizationTrialOptions().CalibrationImages, Description = "How many of the photos settle the scales." };
        var unlabelled = new Option<bool>("--unlabelled") { Description = "Accept photos without classes: features are compared, accuracy stays unknown." };
        var reduced = new Option<bool>("--reduce-range") { Description = "7-bit weights, for processors without VNNI: less exact, safe from overflow." };
        data.Description = "Photos like those the network is for: a folder with one sub-folder per class, or a manifest.";
        cut.HelpName = "NAME|last";
        cut.Description = "Where the network ends; layers below are quantised.";
        var command = new Command("quantize", "Make a network of 8-bit integers; refused where it costs more than half a point of accuracy.")
        {
            backbone, data, output, cut, images, seed, unlabelled, reduced, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            var source = parsed.GetRequiredValue(backbone);
            OutputFiles.Require([parsed.GetValue(data), source, QuantizedBackbone.DescriptionPathOf(source)], path, QuantizedBackbone.DescriptionPathOf(path));
            var photos = Read(parsed.GetRequiredValue(data), parsed.GetValue(unlabelled));
            var network = SharedOptions.Resolve(source);
            var options = new QuantizationTrialOptions
            {
                Cut = parsed.GetValue(cut)!,
                CalibrationImages = parsed.GetValue(images),
                Seed = parsed.GetValue(seed),
                Quantization = new QuantizationOptions { ReducedRange = parsed.GetValue(reduced) },
                Threads = Environment.ProcessorCount,
            };
            var verdict = terminal.WithProgress(progress => QuantizationTrial.Run(network, photos, options, progress, cancellation));
            if (verdict.IsAcceptable)
                verdict.Quantized.Save(path);
            terminal.ListSkipped(verdict.Skipped);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => QuantizationTable.WriteJson(writer, network, verdict, path));
            else
                QuantizationTable.Print(terminal, network, verdict, path);
            if (!verdict.IsAcceptable)
                terminal.Say($"Refused, nothing was written: {QuantizationTable.Reason(verdict)}");
            return Task.FromResult(!verdict.IsAcceptable ? ExitCode.GateNotMet : verdict.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    private static ImageSet Read(string path, bool acceptsUnlabelled)
    {
        var isUnlabelled = Directory.Exists(path) && Directory.EnumerateDirectories(path).All(folder => Path.GetFileName(folder).StartsWith('.'));
        if (!isUnlabelled)
        {
            var images = ImageSet.Read(path);
            // One class would leave the accuracy unmeasured, which only a user who says so accepts.
            if (!acceptsUnlabelled)
                images.RequireTrainable();
            return images;
        }
        if (!acceptsUnlabelled)
            throw new TransferException($"A quantised network is offered once its accuracy is measured, which takes photos of two classes; '{path}' holds no folder of a class. "
                + "Sort some dozens of photos into one folder per class, or add --unlabelled to go by the agreement of features alone.");
        return new ImageSet(ImageFiles.Find([path]).Select(file => new LabeledImage(file, "")), source: $"'{path}'");
    }
}
