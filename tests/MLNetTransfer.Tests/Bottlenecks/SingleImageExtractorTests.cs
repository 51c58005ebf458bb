using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Bottlenecks;

public sealed class SingleImageExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void ExtractOne_AloneAndBesideOthers_SameBitsAsInABatch(int threads) => AssertSameBits(Backbone.Embedded, threads);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void ExtractOne_MobileNet_SameBitsAsInABatch(int threads) =>
        AssertSameBits(Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx")), threads);

    private void AssertSameBits(Backbone backbone, int threads)
    {
        string[] paths = [.. Enumerable.Range(0, 6).Select(i => _folder.File(FormattableString.Invariant($"{i}.jpg")))];
        for (var i = 0; i < paths.Length; i++)
            Drawings.Write(paths[i], i % 2 == 0 ? "dots" : "stripes", seed: i, SKEncodedImageFormat.Jpeg);
        var cut = backbone.CutAt(backbone.DefaultCut);
        using var batches = new BottleneckExtractor(cut, threads: 1);
        var expected = batches.Extract(paths).Features;
        using var extractor = new BottleneckExtractor(cut, threads);
        extractor.WarmUp();
        Assert.All(paths.Index(), path => AssertRow(path.Index));
        Parallel.For(0, 4 * paths.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => AssertRow(i % paths.Length));

        void AssertRow(int i)
        {
            var features = new float[extractor.Dimensions];
            extractor.ExtractOne(paths[i], features);
            Assert.Equal(expected.Row(i).ToArray().Select(BitConverter.SingleToInt32Bits), features.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
