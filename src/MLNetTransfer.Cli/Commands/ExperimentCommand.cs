using System.CommandLine;
using MLNetTransfer.Torch.Experiments;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>experiment</c>: methods compared over pairs of domains, backbones, cuts and seeds, as a file says.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Terminal terminal)
    {
        var (json, report) = (SharedOptions.Json(), SharedOptions.Report());
        var file = new Argument<string>("FILE.json") { Description = "What to compare; docs/experiments.md has the format, data/experiments three examples." };
        var results = new Option<string?>("--results") { HelpName = "FILE.jsonl", Description = "Where finished records are kept, so that a run that was stopped goes on; without it FILE.results.jsonl." };
        var noCache = UserFeatureCache.Option();
        var command = new Command("experiment", "Compare adaptation methods over pairs of domains, as a file says.") { file, results, noCache, report, json };
        command.SetAction((parsed, cancellation) =>
        {
            var experiment = Experiment.Read(parsed.GetRequiredValue(file));
            var records = parsed.GetValue(results) ?? experiment.DefaultResults;
            OutputFiles.Require([experiment.File], records, parsed.GetValue(report));
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new ExperimentOptions { Results = records, Backbones = SharedOptions.Resolve, Cache = cache.Cache, Embeds = parsed.GetValue(report) is not null };
            var result = terminal.WithProgress(progress => ExperimentRunner.Run(experiment, options, progress, cancellation));
            cache.Report(terminal);
            terminal.ListSkipped(result.Skipped);
            ExperimentTable.Print(terminal, result);
            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }
}
