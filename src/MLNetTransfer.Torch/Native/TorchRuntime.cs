using System.Runtime.InteropServices;

namespace MLNetTransfer.Torch.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library once. TorchSharp 0.107 asks the loader for the symbol version GLIBCXX_3.4.32, which
/// Debian 12, Ubuntu 22.04 and RHEL 9 do not have and which nothing in it calls; when the plain load fails, a private copy whose
/// version requirement is marked weak is loaded in its place.
/// </summary>
public static class TorchRuntime
{
    private const string TorchSharpLibrary = "libLibTorchSharp.so";
    private static readonly Lazy<TorchLoading> Loaded = new(Load);

    /// <summary>Makes TorchSharp usable in this process; cheap after the first call, safe from any thread.</summary>
    /// <returns>How the native library was loaded.</returns>
    /// <exception cref="TransferException">A native library of TorchSharp or libtorch is missing or does not load.</exception>
    public static TorchLoading EnsureLoaded() => Loaded.Value;

    private static TorchLoading Load()
    {
        if (!OperatingSystem.IsLinux())
            return TorchLoading.Plain;

        var folder = FindNativeFolder();
        foreach (var dependency in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            LoadOrExplain(Path.Combine(folder, dependency));

        var library = Path.Combine(folder, TorchSharpLibrary);
        if (NativeLibrary.TryLoad(library, out _))
            return TorchLoading.Plain;

        // The loader keeps the mapping alive after the file is gone, so that nothing is left behind.
        var copies = Directory.CreateTempSubdirectory("mlnettransfer-torch-");
        try
        {
            var copy = Path.Combine(copies.FullName, TorchSharpLibrary);
            var image = File.ReadAllBytes(library);
            ElfVersionNeeds.MakeWeak(image, "GLIBCXX_3.4.32");
            File.WriteAllBytes(copy, image);
            LoadOrExplain(copy);
            return TorchLoading.WeakenedCopy;
        }
        finally
        {
            copies.Delete(recursive: true);
        }
    }

    private static string FindNativeFolder()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] candidates = [Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native"), AppContext.BaseDirectory];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, TorchSharpLibrary)))
            ?? throw new TransferException($"Training needs TorchSharp's native library; '{TorchSharpLibrary}' is in none of {string.Join(", ", candidates)}. " +
                "Reference the package libtorch-cpu-linux-x64 from the program that trains.");
    }

    private static void LoadOrExplain(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new TransferException($"Training needs the native library '{path}', and it does not load: {exception.Message} " +
                "Check that the file is complete and that this machine has glibc 2.28 and libstdc++ of GCC 11 or newer.", exception);
        }
    }
}
