using System.Security.Cryptography;
using Microsoft.ML;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

public sealed class CachedExtractionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Extract_SameImagesUnderOtherNamesAndDates_AreFound()
    {
        var paths = Tiny.WritePictures(name => _folder.File("a", name), 9, seed: 1);
        var reference = Extract(Tiny.Cut(), paths, null);
        using (var cache = Open())
            AssertSame(reference, Extract(Tiny.Cut(), paths, cache), fromCache: 0);
        var moved = paths.Select(path => _folder.File("b", "x" + Path.GetFileName(path))).ToArray();
        for (var i = 0; i < paths.Length; i++)
        {
            File.Move(paths[i], moved[i]);
            File.SetLastWriteTimeUtc(moved[i], new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }
        using (var cache = Open())
        {
            AssertSame(reference, Extract(Tiny.Cut(), moved, cache), fromCache: 9);
            Assert.Equal((9, 0), (cache.Found, cache.Added));
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Extract_AnotherImageUnderTheSameNameAndDate_IsComputed()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 3, seed: 1);
        using var cache = Open();
        Extract(Tiny.Cut(), paths, cache);
        var date = File.GetLastWriteTimeUtc(paths[1]);
        var bytes = File.ReadAllBytes(paths[2]);
        File.WriteAllBytes(paths[1], [.. bytes, 0]); // the same picture, yet another file
        File.SetLastWriteTimeUtc(paths[1], date);
        AssertSame(Extract(Tiny.Cut(), paths, null), Extract(Tiny.Cut(), paths, cache), fromCache: 2);
    }

    [Fact]
    public void Extract_Found_IsNotDecoded()
    {
        var file = _folder.File("no picture.jpg");
        File.WriteAllText(file, "not even close");
        var cut = Tiny.Cut();
        byte[] key = [.. NetworkKey.Of(cut.Onnx, Tiny.Preprocessing), .. SHA256.HashData(File.ReadAllBytes(file))];
        using var cache = Open();
        Assert.False(cache.TryFind(key, new float[3], out _));
        cache.Add(key, (7, 8), [1, 2, 3], CancellationToken.None);
        cache.Flush(CancellationToken.None);
        var result = Extract(cut, [file], cache);
        Assert.Equal([1f, 2, 3], result.Features.Row(0).ToArray());
        Assert.Equal(new ImageFingerprint(Convert.ToHexStringLower(key.AsSpan(32)), 7, 8), Assert.Single(result.Fingerprints));
    }

    [Fact]
    public void Extract_UnreadableImages_AreListedEveryTimeAndNeverKept()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 4, seed: 2);
        File.WriteAllText(paths[1], "no picture");
        File.Delete(paths[2]);
        using var cache = Open();
        for (var run = 0; run < 2; run++)
        {
            var result = Extract(Tiny.Cut(), paths, cache);
            Assert.Equal([paths[1], paths[2]], result.Skipped.Select(image => image.Path));
            Assert.Equal((2 * run, 2), (result.FromCache, result.Rows.Count));
        }
        Assert.Equal(2, cache.Added);
    }

    [Fact]
    public void Extract_AnotherCutOrPreprocessing_FindsNothing()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 3, seed: 3);
        using var cache = Open();
        Extract(Tiny.Cut(), paths, cache);
        Assert.Equal(0, Extract(Tiny.Cut("Sigmoid"), paths, cache).FromCache);
        using var other = new BottleneckExtractor(Tiny.Cut().Onnx, Tiny.Preprocessing with { Order = PixelOrder.Bgr }, null, cache);
        Assert.Equal(0, other.Extract(paths).FromCache);
        Assert.Equal(3, Extract(Tiny.Cut(), paths, cache).FromCache);
    }

    [Fact]
    public void Of_AnyByteOfAnyPartChanged_IsAnotherKey()
    {
        var onnx = Tiny.Cut().Onnx;
        var keys = new HashSet<string> { Key(onnx, "side", "1", "ort") };
        for (var i = 0; i < onnx.Length; i++)
        {
            var changed = (byte[])onnx.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.True(keys.Add(Key(changed, "side", "1", "ort")));
        }
        Assert.True(keys.Add(Key(onnx, "sidf", "1", "ort")));
        Assert.True(keys.Add(Key(onnx, "side", "2", "ort")));
        Assert.True(keys.Add(Key(onnx, "side", "1", "oru")));
        Assert.True(keys.Add(Key(onnx, "side1", "", "ort")));
        Assert.True(keys.Add(Key([.. onnx, (byte)'s'], "ide", "1", "ort")));

        static string Key(byte[] onnx, params string[] texts) => Convert.ToHexString(NetworkKey.Of(onnx, texts));
    }

    [Fact]
    public void FromModel_SavedModel_FindsWhatWasComputedWithTheBackbone()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 4, seed: 4);
        var context = new MLContext(0);
        var data = context.Data.LoadFromEnumerable(paths.Select(path => new Row { ImagePath = path }));
        using var transformer = context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut()).Fit(data);
        context.Model.Save(transformer, data.Schema, _folder.File("model.zip"));
        using var cache = Open();
        var expected = Extract(Tiny.Cut(), paths, cache);
        using var extractor = BottleneckExtractor.FromModel(context.Model.Load(_folder.File("model.zip"), out _), _folder.File("model.zip"), null, cache);
        AssertSame(expected, extractor.Extract(paths), fromCache: 4);
    }

    /// <summary>Which images were found decides which ones run together, and how many: no bit may depend on it.</summary>
    [Theory]
    [InlineData("mobilenet")]
    [InlineData("embedded")]
    public void Extract_AnySubsetFound_GivesTheSameBits(string network)
    {
        var backbone = network == "embedded" ? Backbone.Embedded : Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        var photos = Directory.GetFiles(Repository.SharedOrSkip("data", "ants-bees"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(21).ToArray();
        var cut = backbone.CutAt(backbone.Cuts[^1]);
        var reference = Extract(cut, photos, null);
        for (var seed = 0; seed < 4; seed++)
        {
            var stream = RandomStream.Derive(seed, "subset");
            var before = photos.Where(_ => stream.NextInt32(3) > seed % 3).ToArray();
            stream.Shuffle<string>(before);
            using var cache = new FeatureCache(_folder.File($"{seed}", "cache"), _warnings.Add);
            Extract(cut, before, cache);
            AssertSame(reference, Extract(cut, photos, cache), before.Length);
            AssertSame(reference, Extract(cut, photos, cache), photos.Length);
        }
    }

    [Fact]
    public void Extract_DynamicallyQuantisedNetwork_GivesAnImageItsOwnFeatures()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 7, seed: 5);
        var all = Extract(Tiny.Cut("DynamicQuantizeLinear"), paths, null);
        Assert.NotEqual(Extract(Tiny.Cut(), paths, null).Features.Row(0).ToArray(), all.Features.Row(0).ToArray());
        for (var i = 0; i < paths.Length; i++)
            Assert.Equal(Extract(Tiny.Cut("DynamicQuantizeLinear"), [paths[i]], null).Features.Row(0).ToArray(), all.Features.Row(i).ToArray());
    }

    [Fact]
    public void Extract_Cancelled_KeepsWhatWasDone()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 200, seed: 6);
        using (var cache = Open())
        {
            using var cancellation = new CancellationTokenSource();
            using var extractor = new BottleneckExtractor(Tiny.Cut(), 2, cache);
            Assert.ThrowsAny<OperationCanceledException>(() => extractor.Extract(paths, new Stop(100, cancellation), cancellation.Token));
        }
        using var later = Open();
        Assert.InRange(Extract(Tiny.Cut(), paths, later).FromCache, 90, 199);
    }

    private FeatureCache Open() => new(_folder.File("cache", "x")[..^2], _warnings.Add);

    private static BottleneckResult Extract(BackboneCut cut, string[] paths, FeatureCache? cache)
    {
        using var extractor = new BottleneckExtractor(cut, 2, cache);
        return extractor.Extract(paths);
    }

    private static void AssertSame(BottleneckResult expected, BottleneckResult actual, int fromCache)
    {
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Fingerprints, actual.Fingerprints);
        for (var row = 0; row < expected.Features.Rows; row++)
            Assert.Equal(expected.Features.Row(row).ToArray(), actual.Features.Row(row).ToArray());
        Assert.Equal(fromCache, actual.FromCache);
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Stop(int at, CancellationTokenSource cancellation) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= at)
                cancellation.Cancel();
        }
    }
}
