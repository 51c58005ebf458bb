using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using MLNetTransfer.Cli.Commands;
using MLNetTransfer.Surfaces;

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
        var root = CreateRoot(terminal);
        if (args.Count == 0)
        {
            root.Parse("--help").Invoke(new InvocationConfiguration { Output = error, Error = error });
            return ExitCode.BadInput;
        }

        // Without response files: a path or a class may begin with '@'.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (FaultsOf(parsed) is { Count: > 0 } faults)
        {
            foreach (var fault in faults)
                terminal.Fail(fault);
            terminal.Say($"'{CommandLineOf(parsed.CommandResult)} --help' lists what is possible.");
            return ExitCode.BadInput;
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("Stopped before it was done.");
            return ExitCode.Cancelled;
        }
        catch (Exception fault) when (fault is TransferException or SurfaceException or IOException or UnauthorizedAccessException)
        {
            terminal.Fail(fault.Message);
            return ExitCode.BadInput;
        }
    }

    /// <summary>The program: a plain command, because a <see cref="RootCommand"/> is called like the process it runs in.</summary>
    private static Command CreateRoot(Terminal terminal)
    {
        var help = new HelpOption();
        ((HelpAction)help.Action!).MaxWidth = terminal.Output.Profile.Width;
        return new Command("mlnettransfer", "Transfer learning for images: reuse a pretrained network, retrain its output layer on your photos.")
        {
            help,
            new VersionOption(),
            DemoCommand.Create(terminal),
            TrainCommand.Create(terminal),
            LayersCommand.Create(terminal),
            CurveCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            ExportCommand.Create(terminal),
            FeaturesCommand.Create(terminal),
            DiagnoseCommand.Create(terminal),
            AdaptCommand.Create(terminal),
            ExperimentCommand.Create(terminal),
            BackbonesCommand.Create(terminal),
            PretrainCommand.Create(terminal),
            SurfacesCommand.Create(terminal),
        };
    }

    /// <summary>What is wrong with a command line, each fault once; that a command is missing is no news beside an unknown one.</summary>
    private static List<string> FaultsOf(ParseResult parsed)
    {
        List<string> faults = [.. parsed.Errors.Select(fault => fault.Message).Distinct()];
        if (parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Parent is null)
            faults.RemoveAll(fault => !parsed.UnmatchedTokens.Any(fault.Contains));
        if (parsed.Tokens.Any(token => token.Type == TokenType.Argument && token.Value.Length == 0))
            faults.Add("No value may be empty; received an empty one. Give a value, or leave its option out.");
        return faults;
    }

    private static string CommandLineOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{CommandLineOf(parent)} {command.Command.Name}" : command.Command.Name;
}
