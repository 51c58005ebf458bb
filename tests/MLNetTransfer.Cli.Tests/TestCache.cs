using System.Runtime.CompilerServices;

namespace MLNetTransfer.Cli.Tests;

/// <summary>The cache of all tests here: a folder of their own, so that they neither see nor touch that of the user.</summary>
internal static class TestCache
{
    public static string Folder { get; private set; } = "";

    // The environment is the process's: set once, before any test, and never changed.
    [ModuleInitializer]
    internal static void Create()
    {
        Folder = Directory.CreateTempSubdirectory("mlnettransfer-test-cache-").FullName;
        Environment.SetEnvironmentVariable(UserCache.Variable, Folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
