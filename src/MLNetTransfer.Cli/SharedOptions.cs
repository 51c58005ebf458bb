using System.CommandLine;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Catalog;

namespace MLNetTransfer.Cli;

/// <summary>The options that several commands share, so that one name means one thing everywhere.</summary>
internal static class SharedOptions
{
    private const string Embedded = "embedded";

    public static Option<string> Data() => new("--data") { Required = true, HelpName = "DIR", Description = "A folder with one sub-folder per class, or a CSV/TSV manifest (path,label)." };

    public static Option<string> Backbone() => new("--backbone") { HelpName = "NAME|FILE", DefaultValueFactory = _ => Embedded, Description = $"The pretrained network: '{Embedded}', a name of 'backbones list', or an ONNX file." };

    public static Option<string> Cut() => new("--cut") { HelpName = "NAME|last|auto", DefaultValueFactory = _ => Backbones.Cut.Last, Description = "Where the network is cut; layers below are reused. 'auto': where cross-validation says." };

    public static Option<int> Seed() => new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Seed of everything random." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of a table." };

    public static Option<string?> Report() => new("--report") { HelpName = "FILE.html", Description = "Write a report as one self-contained HTML file." };

    /// <summary>The backbone that a user means: the embedded one, a file, or a name of the catalog that was fetched before.</summary>
    public static Backbone Resolve(string nameOrFile)
    {
        if (nameOrFile == Embedded)
            return Backbones.Backbone.Embedded;
        if (File.Exists(nameOrFile))
            return Backbones.Backbone.Load(nameOrFile);
        // Also the names in the cards of models, so that their training can be repeated.
        if (BackboneCatalog.Entries.Any(entry => entry.IsCalled(nameOrFile)))
            return BackboneCatalog.Load(nameOrFile, UserCache.Folder);
        throw new TransferException($"A backbone is '{Embedded}', an ONNX file or a name that 'mlnettransfer backbones list' shows; "
            + $"received '{nameOrFile}', which is none of them.{BackboneCatalog.Suggest(nameOrFile)} Check the name or the path.");
    }

    /// <summary>Says what may be wrong with how images are prepared for a network; nothing when all is as described and looks right.</summary>
    public static void Warn(Terminal terminal, Backbone backbone, IReadOnlyList<string> warnings)
    {
        if (backbone.PreprocessingIsAssumed)
            terminal.Say($"Note: how {backbone.Name} wants its images is assumed (RGB, ImageNet mean and deviation): neither the file nor a description beside it says so. "
                + "'backbones describe' shows what is used.");
        foreach (var warning in warnings)
            terminal.Say($"Warning: {warning}");
    }
}
