using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Architecture;

/// <summary>The sources under src/, without what the build generates.</summary>
internal static class Sources
{
    /// <summary>The names of all projects, such as MLNetTransfer.</summary>
    public static IEnumerable<string> Projects =>
        Directory.EnumerateDirectories(Repository.Path("src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>Path below the project, with forward slashes, and text of each source of a project.</summary>
    public static IEnumerable<(string Path, string Text)> OfProject(string project)
    {
        var folder = Repository.Path("src", project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => (File: file, Path: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .Where(source => !source.Path.StartsWith("obj/", StringComparison.Ordinal) && !source.Path.StartsWith("bin/", StringComparison.Ordinal))
            .OrderBy(source => source.Path, StringComparer.Ordinal)
            .Select(source => (source.Path, File.ReadAllText(source.File)));
    }
}
