using System.CommandLine;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>demo</c>: the main job on what comes with the program: no arguments, no network.</summary>
internal static class DemoCommand
{
    private const string Target = "plaster";
    private const string OutputFolder = "mlnettransfer-demo";

    public static Command Create(Terminal terminal)
    {
        var command = new Command("demo", "Transfer the embedded network to the embedded photos: are these surfaces cracked?");
        command.SetAction((_, cancellation) =>
        {
            Run(terminal, DataFolder(), OutputFolder, cancellation);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Run(Terminal terminal, string data, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var model = Path.Combine(folder, "model.zip");
        var report = Path.Combine(folder, "report.html");
        OutputFiles.Require([], model, TransferModel.CardPathOf(model), report);
        var train = ImageFolder.Read(Path.Combine(data, Target, "train"));
        var test = ImageFolder.Read(Path.Combine(data, Target, "test"));
        terminal.Print($"Is this {Target} cracked or intact?");
        terminal.Print(FormattableString.Invariant($"{train.Images.Count} labelled photos to learn from, {test.Images.Count} held out."));

        var backbone = Backbone.Embedded;
        var result = terminal.WithProgress(progress => Train(train, test, backbone, progress, cancellation));
        var untrained = terminal.WithProgress(progress => Train(train, test, backbone.WithRandomWeights(1), progress, cancellation));
        result.Model.Save(model);
        RunReport.Write(report, "cracked or intact?", model, result.Model.Card, result.Test, result.Skipped, TrainCommand.Parts(result));

        terminal.Output.Write(EvaluationTable.Create(
            (backbone.Name, result.Test!.Result),
            ("random weights", untrained.Test!.Result)));
        var gain = result.Test.Result.Accuracy - untrained.Test.Result.Accuracy;
        terminal.Print(FormattableString.Invariant($"What transfer buys here, on photos that took part in nothing: {100 * gain:+0.0;-0.0} points."));
        terminal.Print("");
        terminal.Print($"Model   {model}");
        terminal.Print($"Card    {TransferModel.CardPathOf(model)}");
        terminal.Print($"Report  {report}");
        terminal.Print("");
        terminal.Print("Now your own photos, one folder per class:");
        terminal.Print("  mlnettransfer train --data photos --out model.zip --report report.html");
        terminal.Print("  mlnettransfer predict --model model.zip photo.jpg");
    }

    private static TransferResult Train(ImageSet train, ImageSet test, Backbone backbone, IProgress<TransferProgress> progress, CancellationToken cancellation) =>
        TransferTrainer.Train(train, new TransferOptions { Backbone = backbone, Test = test, Positive = "cracked" }, progress, cancellation);

    /// <summary>The embedded photos, which the build puts beside the program.</summary>
    private static string DataFolder()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data", "surfaces");
        return Directory.Exists(folder) ? folder
            : throw new TransferException($"The demo's photos are beside the program in '{folder}'; that folder is missing. Build or install the program again.");
    }
}
