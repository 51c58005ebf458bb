using MLNetTransfer.Torch.Native;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>
/// While one of them lives, libtorch's linear algebra runs on the calling thread alone: its sums are split by the number of threads, and the last bits with
/// them. Work is spread over cores one level higher, where it does not matter who computes what.
/// </summary>
internal sealed class OneThread : IDisposable
{
    private static readonly Lock Gate = new();
    private static int _alive;
    private static int _before;

    public OneThread()
    {
        TorchRuntime.EnsureLoaded();
        lock (Gate)
            if (_alive++ == 0)
                Set();
    }

    public void Dispose()
    {
        lock (Gate)
            if (--_alive == 0)
                TorchSharp.torch.set_num_threads(_before);
    }

    // Apart, so that TorchSharp is mentioned in no method that runs before the library is loaded.
    private static void Set()
    {
        _before = TorchSharp.torch.get_num_threads();
        TorchSharp.torch.set_num_threads(1);
    }
}
