using System.CommandLine;
using MLNetTransfer.Cli.Commands;

namespace MLNetTransfer.Cli;

/// <summary>The console runner without the console: arguments in, text and an exit code out.</summary>
internal static class Runner
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Receives results: what a script reads.</param>
    /// <param name="error">Receives progress and messages.</param>
    /// <param name="cancellation">Stops the command.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var terminal = new Terminal(output, error);
        var root = new RootCommand("Transfer learning for images: reuse a pretrained network, retrain its output layer on your photos.")
        {
            DemoCommand.Create(terminal),
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            FeaturesCommand.Create(terminal),
            PretrainCommand.Create(terminal),
            SurfacesCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
                error.WriteLine(fault.Message);
            error.WriteLine($"'{string.Join(' ', new[] { "mlnettransfer", parsed.CommandResult.Command.Name }.Where(name => name != root.Name))} --help' lists what is possible.");
            return ExitCode.BadInput;
        }

        try
        {
            return parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancellation).GetAwaiter().GetResult();
        }
        catch (TransferException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("Stopped. Nothing was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            terminal.Fail(fault.Message);
            return ExitCode.BadInput;
        }
    }
}
