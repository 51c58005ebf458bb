using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Pretraining;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>pretrain</c>: makes a backbone from nothing but formulas.</summary>
internal static class PretrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var defaults = new PretrainingOptions();
        var output = new Option<string>("--out") { Required = true, HelpName = "FILE.onnx", Description = "The backbone to write; its description FILE.json, log FILE.log and checkpoint FILE.ckpt go beside it." };
        var seed = SharedOptions.Seed();
        var images = new Option<long>("--images") { HelpName = "N", DefaultValueFactory = _ => defaults.Images, Description = "Images to draw, each rendered afresh." };
        var things = new Option<double>("--things") { HelpName = "X", DefaultValueFactory = _ => defaults.Things, Description = "Share of the images that show things before a background." };
        var from = new Option<string?>("--from") { HelpName = "FILE.onnx", Description = "A backbone of an earlier run to start from; random weights without it." };
        var keep = new Option<double>("--keep") { HelpName = "X", DefaultValueFactory = _ => defaults.Keep, Description = "Share of that backbone's weights in the result; the rest are those that training ends with." };
        var rate = new Option<double>("--rate") { HelpName = "X", DefaultValueFactory = _ => defaults.LearningRate, Description = "Peak learning rate." };
        var side = new Option<int>("--side") { HelpName = "N", DefaultValueFactory = _ => defaults.Side, Description = "Pixels along each edge of an image." };
        var threads = new Option<int>("--threads") { HelpName = "N", DefaultValueFactory = _ => defaults.Threads, Description = "Threads of libtorch." };
        var float32 = new Option<bool>("--float32") { Description = "Compute in 32 bit; faster where the processor has no bfloat16." };
        var heldOut = new Option<int>("--held-out") { HelpName = "N", DefaultValueFactory = _ => defaults.HeldOut, Description = "Further images to measure the accuracy on." };
        var command = new Command("pretrain", "Pretrain a backbone on images rendered from formulas; goes on where it was cut off.") { output, seed, images, things, from, keep, rate, side, threads, float32, heldOut };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            if (!path.EndsWith(".onnx", StringComparison.Ordinal))
                throw new TransferException($"A backbone is written to FILE.onnx, with its description, log and checkpoint beside it; received '{path}'. Add the extension.");
            var (description, log, checkpoint) = (Path.ChangeExtension(path, ".json"), Path.ChangeExtension(path, ".log"), Path.ChangeExtension(path, ".ckpt"));
            OutputFiles.Require([parsed.GetValue(from)], path, description, log, checkpoint);
            var options = new PretrainingOptions
            {
                Seed = parsed.GetValue(seed),
                Images = parsed.GetValue(images),
                Things = parsed.GetValue(things),
                From = parsed.GetValue(from),
                Keep = parsed.GetValue(keep),
                LearningRate = parsed.GetValue(rate),
                Side = parsed.GetValue(side),
                Threads = parsed.GetValue(threads),
                BFloat16 = !parsed.GetValue(float32),
                HeldOut = parsed.GetValue(heldOut),
            };
            var result = new Pretrainer(options).Run(checkpoint, new Log(terminal, log), cancellation);
            var onnx = result.Onnx.ToArray();
            OutputFiles.Write(path, stream => stream.Write(onnx));
            OutputFiles.Write(description, stream => stream.Write(Encoding.UTF8.GetBytes(Describe(onnx).ToJson())));
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Top-1 {result.Accuracy:0.0000} on {result.HeldOut} held-out formula images. Backbone {path}."));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static BackboneDescription Describe(byte[] onnx) => new()
    {
        Name = "formula-resnet",
        Licence = "MIT",
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)),
        Preprocessing = new Preprocessing { Side = FormulaBackbone.Side, Mean = new(0.5f), Std = new(0.25f) },
        Cuts = [.. FormulaBackbone.StageTensors.Select(stage => new CutDescription { Name = stage, Tensors = [stage] }), new CutDescription { Name = "all", Tensors = FormulaBackbone.BlockTensors }],
        DefaultCut = "all",
    };

    /// <summary>Appends every report to a tab-separated file, so that the log of an interrupted run is one log.</summary>
    private sealed class Log(Terminal terminal, string path) : IProgress<PretrainingProgress>
    {
        public void Report(PretrainingProgress value)
        {
            if (!File.Exists(path))
                File.WriteAllText(path, "step\timages\tloss\taccuracy\timages_per_second\n");
            File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{value.Step}\t{value.Images}\t{value.Loss:0.0000}\t{value.Accuracy:0.0000}\t{value.ImagesPerSecond:0}\n"));
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"step {value.Step} of {value.Steps}: loss {value.Loss:0.000}, accuracy {value.Accuracy:0.000}, {value.ImagesPerSecond:0} images/s"));
        }
    }
}
