using System.CommandLine;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Cli;

/// <summary>The options that several commands share, so that one name means one thing everywhere.</summary>
internal static class SharedOptions
{
    private const string Embedded = "embedded";

    public static Option<string> Data() => new("--data") { Required = true, HelpName = "DIR", Description = "A folder with one sub-folder per class, or a CSV/TSV manifest (path,label)." };

    public static Option<string> Backbone() => new("--backbone") { HelpName = "NAME|FILE", DefaultValueFactory = _ => Embedded, Description = $"The pretrained network: '{Embedded}' or an ONNX file." };

    public static Option<string> Cut() => new("--cut") { HelpName = "NAME|last|auto", DefaultValueFactory = _ => Backbones.Cut.Last, Description = "Where the network is cut; layers below are reused. 'auto': where cross-validation says." };

    public static Option<int> Seed() => new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Seed of everything random." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of a table." };

    public static Option<string?> Report() => new("--report") { HelpName = "FILE.html", Description = "Write a report as one self-contained HTML file." };

    /// <summary>The backbone that a user means by a name or a file.</summary>
    public static Backbone Resolve(string nameOrFile)
    {
        if (nameOrFile == Embedded)
            return Backbones.Backbone.Embedded;
        if (File.Exists(nameOrFile))
            return Backbones.Backbone.Load(nameOrFile);
        // The name in the card of a model, so that its training can be repeated.
        if (nameOrFile == Backbones.Backbone.Embedded.Name)
            return Backbones.Backbone.Embedded;
        throw new TransferException($"A backbone is '{Embedded}' (or its name '{Backbones.Backbone.Embedded.Name}') or an ONNX file; "
            + $"received '{nameOrFile}', which is none of them. Check the path.");
    }
}
