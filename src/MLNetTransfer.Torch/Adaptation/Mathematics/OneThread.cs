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
    private static int _anyBefore;

    [ThreadStatic]
    private static int _depth;

    [ThreadStatic]
    private static int _before;

    [ThreadStatic]
    private static bool _isKnown;

    // The number belongs to a thread. One that is new to libtorch takes over the number last set by any thread, which is the 1 of another of these where one lives.
    public OneThread()
    {
        TorchRuntime.EnsureLoaded();
        lock (Gate)
        {
            if (_depth++ == 0)
            {
                var own = Threads();
                _before = own == 1 && _alive > 0 && !_isKnown ? _anyBefore : own;
                _isKnown = true;
                if (_alive == 0)
                    _anyBefore = _before;
                SetThreads(1);
            }
            _alive++;
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (--_depth == 0)
                SetThreads(_before);
            _alive--;
        }
    }

    // Apart, so that TorchSharp is mentioned in no method that runs before the library is loaded.
    private static int Threads() => TorchSharp.torch.get_num_threads();

    private static void SetThreads(int count) => TorchSharp.torch.set_num_threads(count);
}
