namespace MLNetTransfer.TestSupport;

/// <summary>Finds files of the checkout and of the optional folder of real data beside it.</summary>
internal static class Repository
{
    /// <summary>The checkout: the nearest folder above the test assembly that holds MLNetTransfer.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the checkout.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>
    /// A file or folder of the shared real data, or a skipped test with the reason when this machine does not have it.
    /// </summary>
    public static string SharedOrSkip(params string[] parts)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine([Root, "..", "shared", .. parts]));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"'{string.Join('/', parts)}' of the shared real data is not on this machine.");
        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MLNetTransfer.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("No folder above the test assembly holds MLNetTransfer.sln.");
    }
}
