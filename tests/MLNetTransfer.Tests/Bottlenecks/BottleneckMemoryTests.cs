using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

/// <summary>What is allocated is counted for the whole process: no other test may run beside these.</summary>
[CollectionDefinition(nameof(BottleneckMemoryTests), DisableParallelization = true)]
[Collection(nameof(BottleneckMemoryTests))]
public sealed class BottleneckMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Extract_ManyImages_AllocatesLittleForEach()
    {
        var paths = Enumerable.Repeat(Tiny.WritePictures(name => _folder.File(name), 8, seed: 6), 50).SelectMany(each => each).ToArray();
        using var extractor = new BottleneckExtractor(Tiny.Cut(), threads: 1);
        extractor.Extract(paths[..40]);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        extractor.Extract(paths);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / paths.Length;
        // A picture of 50 x 50 has 10,000 bytes decoded; none of them may stay or be allocated again on the managed heap.
        Assert.InRange(each, 0, 6000);
    }
}
