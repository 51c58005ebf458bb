namespace MLNetTransfer.Cli.Tests;

/// <summary>What a folder holds: every path, and the contents of every file.</summary>
internal static class Snapshot
{
    public static IReadOnlyList<string> Of(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal).Select(path => Directory.Exists(path) ? path : $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}"),
    ];
}
