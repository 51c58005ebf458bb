using System.Runtime.CompilerServices;

/// <summary>Makes the samples run from anywhere: before their first line, the current folder becomes the repository's.</summary>
internal static class StartInRepository
{
    [ModuleInitializer]
    internal static void Go()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLNetTransfer.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Run the samples inside the repository.");
        Directory.SetCurrentDirectory(folder.FullName);
        Directory.CreateDirectory("artifacts");
    }
}
