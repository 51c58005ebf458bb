using System.CommandLine;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones</c>: everything about pretrained networks; one file per subcommand.</summary>
internal static class BackbonesCommand
{
    public static Command Create(Terminal terminal) =>
        new("backbones", "List, describe, rank, import and prepare pretrained networks.")
        {
            BackbonesListCommand.Create(terminal),
            BackbonesFetchCommand.Create(terminal),
            BackbonesDescribeCommand.Create(terminal),
            BackbonesRankCommand.Create(terminal),
            BackbonesImportCommand.Create(terminal),
            BackbonesQuantizeCommand.Create(terminal),
        };
}
