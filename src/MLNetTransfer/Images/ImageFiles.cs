namespace MLNetTransfer.Images;

/// <summary>Finds image candidates: every file but litter. What they hold is judged by decoding, never by the extension.</summary>
public static class ImageFiles
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>
    /// The files among the paths and, recursively, in the folders among them. Dot-files, dot-folders, Thumbs.db, desktop.ini and
    /// __MACOSX are left out unless they are given by name. An empty folder called like an image, such as x.jpg, is a candidate itself, so that
    /// decoding names it.
    /// </summary>
    /// <param name="pathsOrFolders">Files and folders.</param>
    /// <returns>Each path once: arguments in the order given, what a folder holds in ordinal order.</returns>
    /// <exception cref="TransferException">A path does not exist, or a folder holds no file.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> pathsOrFolders)
    {
        ArgumentNullException.ThrowIfNull(pathsOrFolders);
        var found = new List<string>();
        foreach (var path in pathsOrFolders)
        {
            if (!Directory.Exists(path))
            {
                if (!File.Exists(path))
                    throw new TransferException($"Expected an image or a folder of images; '{path}' does not exist. Check the path.");
                found.Add(path);
                continue;
            }
            var files = Under(path);
            if (files.Count == 0)
                throw new TransferException($"Expected a folder that holds images; '{path}' holds no file. Check the path.");
            found.AddRange(files);
        }
        return found.Distinct(StringComparer.Ordinal).ToArray();
    }

    /// <summary>All candidates under a folder, in ordinal order. Linked folders are followed, but not in circles.</summary>
    internal static List<string> Under(string folder)
    {
        var files = new List<string>();
        try
        {
            Collect(new DirectoryInfo(folder), folder, [], files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Expected a folder that can be listed; '{folder}' cannot: {error.Message} Check its permissions.", error);
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>The sub-folders of a folder that are no litter, in ordinal order of their names.</summary>
    internal static IEnumerable<DirectoryInfo> Folders(string folder) => new DirectoryInfo(folder).EnumerateDirectories("*", Everything)
        .Where(candidate => !IsLitter(candidate.Name)).OrderBy(candidate => candidate.Name, StringComparer.Ordinal);

    private static void Collect(DirectoryInfo folder, string path, List<string> ancestors, List<string> files)
    {
        var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (ancestors.Contains(real))
            return;
        ancestors.Add(real);
        foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything).Where(entry => !IsLitter(entry.Name)))
        {
            var entryPath = Path.Combine(path, entry.Name);
            var before = files.Count;
            if (entry is DirectoryInfo inner)
                Collect(inner, entryPath, ancestors, files);
            if (entry is not DirectoryInfo || (files.Count == before && IsCalledLikeAnImage(entry.Name)))
                files.Add(entryPath);
        }
        ancestors.RemoveAt(ancestors.Count - 1);
    }

    private static bool IsCalledLikeAnImage(string name) =>
        Path.GetExtension(name).ToUpperInvariant() is ".JPG" or ".JPEG" or ".PNG" or ".GIF" or ".BMP" or ".WEBP";

    private static bool IsLitter(string name) =>
        name.StartsWith('.') || name.Equals("Thumbs.db", StringComparison.OrdinalIgnoreCase)
        || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase) || name == "__MACOSX";
}
