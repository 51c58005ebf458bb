using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Tests.Adaptation.Mathematics;

[Collection(TorchCollection.Name)]
public sealed class OneThreadTests
{
    /// <summary>Each thread has a number of its own: the one that began first must not give its number to the others.</summary>
    [Fact]
    public void Dispose_WhileAnotherThreadHasANumberOfItsOwn_GivesEachItsOwnBack()
    {
        using var entered = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        var after = 0;
        var other = new Thread(() =>
        {
            _ = TorchSharp.torch.get_num_threads();
            TorchSharp.torch.set_num_threads(2);
            using (new OneThread())
            {
                entered.Set();
                left.Wait();
            }
            after = TorchSharp.torch.get_num_threads();
        });
        try
        {
            // A thread has a number of its own from the first question on.
            _ = TorchSharp.torch.get_num_threads();
            TorchSharp.torch.set_num_threads(3);
            other.Start();
            entered.Wait();
            using (new OneThread())
            using (new OneThread())
                Assert.Equal(1, TorchSharp.torch.get_num_threads());
            left.Set();
            other.Join();

            Assert.Equal(3, TorchSharp.torch.get_num_threads());
            Assert.Equal(2, after);
        }
        finally
        {
            left.Set();
            TorchCollection.UseOneThread();
        }
    }
}
