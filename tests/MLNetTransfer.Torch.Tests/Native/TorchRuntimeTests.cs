using MLNetTransfer.Torch.Native;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Native;

[Collection(TorchCollection.Name)]
public sealed class TorchRuntimeTests
{
    [Fact]
    public void EnsureLoaded_FreshProcess_TorchComputes()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Assert.Equal(3f, ones(3).sum().item<float>());
    }

    [Fact]
    public void EnsureLoaded_ManyThreads_LoadsOnceAndLeavesNoCopy()
    {
        var loaded = Enumerable.Range(0, 16).AsParallel().Select(_ => TorchRuntime.EnsureLoaded()).Distinct();
        Assert.Equal(TorchRuntime.EnsureLoaded(), Assert.Single(loaded));

        // The temporary folder of a copy is named after the library; the mapping stays, the file does not.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mapped libraries are listed in /proc on Linux alone.");
        var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains("libLibTorchSharp.so")).Select(line => line[line.IndexOf('/')..]).Distinct();
        var library = Assert.Single(mapped);
        Assert.Equal(TorchRuntime.EnsureLoaded() == TorchLoading.WeakenedCopy, library.EndsWith(" (deleted)", StringComparison.Ordinal));
        Assert.Equal(TorchRuntime.EnsureLoaded() == TorchLoading.Plain, File.Exists(library));
    }
}
