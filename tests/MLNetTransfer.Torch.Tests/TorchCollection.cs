using MLNetTransfer.Torch.Native;

namespace MLNetTransfer.Torch.Tests;

/// <summary>
/// The tests that compute with libtorch: loaded before the first, since any mention of TorchSharp loads it plainly and for good; one at a
/// time, since its random generator and its number of threads belong to the whole process.
/// </summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection : ICollectionFixture<TorchCollection.Library>
{
    public const string Name = "libtorch";

    /// <summary>Threads of libtorch that wait for a busy core would slow small networks tenfold.</summary>
    public static void UseOneThread() => TorchSharp.torch.set_num_threads(1);

    public sealed class Library
    {
        public Library()
        {
            TorchRuntime.EnsureLoaded();
            UseOneThread();
        }
    }
}
