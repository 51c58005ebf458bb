using System.CommandLine;
using MLNetTransfer.Surfaces;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>surfaces</c>: renders the embedded images again.</summary>
internal static class SurfacesCommand
{
    public static Command Create(Terminal terminal)
    {
        var seed = SharedOptions.Seed();
        var output = new Option<string>("--out") { Required = true, HelpName = "DIR", Description = "A new or empty folder, or one that holds this set." };
        var command = new Command("surfaces", "Render the embedded surface-inspection images, cracked and intact, from a seed.") { output, seed };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(output);
            terminal.WithProgress("rendering", SurfaceSet.Plan.Count, progress =>
            {
                SurfaceSet.Write(folder, parsed.GetValue(seed), new Count(progress), cancellation);
                return true;
            });
            terminal.Say(FormattableString.Invariant($"{SurfaceSet.Plan.Count} images in {folder}."));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private sealed class Count(IProgress<int> progress) : IProgress<SurfaceImage>
    {
        private readonly Lock _gate = new();
        private int _done;

        public void Report(SurfaceImage value)
        {
            lock (_gate)
                progress.Report(++_done);
        }
    }
}
