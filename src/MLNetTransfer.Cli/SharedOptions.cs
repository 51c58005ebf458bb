using System.CommandLine;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Cli;

/// <summary>The options that several commands share, so that one name means one thing everywhere.</summary>
internal static class SharedOptions
{
    public static Option<string> Data() => new("--data") { Required = true, HelpName = "DIR", Description = "A folder with one sub-folder per class, or a CSV/TSV manifest (path,label)." };

    public static Option<string> Backbone() => new("--backbone") { HelpName = "NAME|FILE", DefaultValueFactory = _ => "embedded", Description = "The pretrained network: 'embedded' or an ONNX file." };

    public static Option<string> Cut() => new("--cut") { HelpName = "NAME|last", DefaultValueFactory = _ => Backbones.Cut.Last, Description = "Where the network is cut; layers below are reused." };

    public static Option<int> Seed() => new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Seed of everything random." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of a table." };

    public static Option<string?> Report() => new("--report") { HelpName = "FILE.html", Description = "Write a report as one self-contained HTML file." };

    /// <summary>The backbone that a user means by a name or a file.</summary>
    public static Backbone Resolve(string nameOrFile)
    {
        if (nameOrFile is "embedded" || nameOrFile == Backbones.Backbone.Embedded.Name)
            return Backbones.Backbone.Embedded;
        if (File.Exists(nameOrFile))
            return Backbones.Backbone.Load(nameOrFile);
        throw new TransferException($"A backbone is 'embedded', '{Backbones.Backbone.Embedded.Name}' or an ONNX file; received '{nameOrFile}', which is none of them. Check the path.");
    }

    /// <summary>Checks before any work that a file can be written, so that no run ends in an error after all is done.</summary>
    public static void RequireWritable(string? path)
    {
        if (path is null)
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new TransferException($"Results are written into an existing folder; '{folder}' does not exist. Create it, or choose another file than '{path}'.");
        if (Directory.Exists(path))
            throw new TransferException($"Results are written to a file; '{path}' is a folder. Name a file in it.");
        var probe = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Results are written to '{path}'; that cannot be done: {fault.Message} Choose another file.", fault);
        }
    }
}
