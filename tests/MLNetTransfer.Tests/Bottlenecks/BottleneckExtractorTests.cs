using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

public sealed class BottleneckExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Extract_TinyNetwork_GivesTheAveragesOfItsActivations()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 11, seed: 1);
        using var extractor = new BottleneckExtractor(Tiny.Cut());

        var result = extractor.Extract(paths);

        Assert.Equal(3, extractor.Dimensions);
        Assert.Equal(Enumerable.Range(0, 11), result.Rows);
        Assert.Empty(result.Skipped);
        var one = new float[3];
        for (var i = 0; i < paths.Length; i++)
        {
            var expected = Tiny.Features(paths[i]);
            Assert.All(expected.Zip(result.Features.Row(i).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            extractor.ExtractOne(paths[i], one);
            Assert.Equal(result.Features.Row(i).ToArray(), one);
            extractor.ExtractOne(File.ReadAllBytes(paths[i]), "bytes", one);
            Assert.Equal(result.Features.Row(i).ToArray(), one);
            using (var stream = File.OpenRead(paths[i]))
                extractor.ExtractOne(stream, "stream", one);
            Assert.Equal(result.Features.Row(i).ToArray(), one);
        }
    }

    [Fact]
    public void Extract_AnyNumberOfThreads_GivesTheSameBits()
    {
        var photos = Photos(21);
        var cut = MobileNet();
        var reference = Extract(cut, photos, threads: 1, batch: 4);
        Assert.Equal(reference, Extract(cut, photos, threads: 2, batch: 4));
        Assert.Equal(reference, Extract(cut, photos, threads: 4, batch: 4));
        Assert.All(reference.Zip(Extract(cut, photos, threads: 2, batch: 1)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(reference.Zip(Extract(cut, photos, threads: 2, batch: 16)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Extract_Photos_AgreesWithOnnxRuntimeOnTheTensorOfTheDecoder()
    {
        var photos = Photos(5);
        var cut = MobileNet();
        using var session = new InferenceSession(cut.Onnx);
        using var extractor = new BottleneckExtractor(cut);
        var result = extractor.Extract(photos);
        var preprocessing = cut.Backbone.Preprocessing;
        var tensor = new float[preprocessing.TensorLength];
        for (var i = 0; i < photos.Length; i++)
        {
            ImageDecoder.Decode(photos[i], preprocessing, tensor, out var fingerprint);
            using var input = OrtValue.CreateTensorValueFromMemory(tensor, [1, 3, preprocessing.Side, preprocessing.Side]);
            using var outputs = session.Run(new RunOptions(), [cut.InputName], [input], [cut.OutputName]);
            var expected = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            Assert.All(expected.Zip(result.Features.Row(i).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(fingerprint, result.Fingerprints[i]);
        }
    }

    [Fact]
    public void Extract_UnreadableFiles_AreListedAndTheRestIsRight()
    {
        var good = Tiny.WritePictures(name => _folder.File(name), 9, seed: 2);
        var text = _folder.File("text.jpg");
        File.WriteAllText(text, "no picture");
        var empty = _folder.File("empty.png");
        File.WriteAllBytes(empty, []);
        var missing = _folder.File("missing.png");
        string[] paths = [text, .. good[..4], empty, missing, .. good[4..]];
        using var extractor = new BottleneckExtractor(Tiny.Cut());

        var result = extractor.Extract(paths);

        Assert.Equal([text, empty, missing], result.Skipped.Select(image => image.Path));
        Assert.All(result.Skipped, image => Assert.NotEmpty(image.Reason));
        Assert.Equal(good, result.Rows.Select(row => paths[row]));
        Assert.Equal(9, result.Fingerprints.Select(fingerprint => fingerprint.ContentHash).Distinct().Count());
        for (var i = 0; i < good.Length; i++)
            Assert.All(Tiny.Features(good[i]).Zip(result.Features.Row(i).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(text, Assert.Throws<ImageException>(() => extractor.ExtractOne(text, new float[3])).Path);
    }

    [Fact]
    public void Extract_NothingReadable_GivesNoRows()
    {
        using var extractor = new BottleneckExtractor(Tiny.Cut());
        var result = extractor.Extract([_folder.File("missing.png")]);
        Assert.Equal((0, 3), (result.Features.Rows, result.Features.Columns));
        Assert.Single(result.Skipped);
    }

    [Fact]
    public void Extract_FeatureNotFinite_NamesTheImage()
    {
        // The logarithm of a standardised pixel below the mean is not a number.
        var paths = Tiny.WritePictures(name => _folder.File(name), 1, seed: 3);
        using var extractor = new BottleneckExtractor(Tiny.Cut("Log"));
        Assert.Contains(paths[0], Assert.Throws<TransferException>(() => extractor.Extract(paths)).Message);
        Assert.Contains(paths[0], Assert.Throws<TransferException>(() => extractor.ExtractOne(paths[0], new float[3])).Message);
    }

    [Fact]
    public void Extract_Cancelled_StopsBeforeTheEnd()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 4, seed: 4);
        using var extractor = new BottleneckExtractor(Tiny.Cut(), threads: 2);
        using var cancellation = new CancellationTokenSource();
        var progress = new Counter(done => cancellation.Cancel());
        var many = Enumerable.Repeat(paths, 1000).SelectMany(each => each).ToArray();
        Assert.ThrowsAny<OperationCanceledException>(() => extractor.Extract(many, progress, cancellation.Token));
        Assert.InRange(progress.Last, 1, 400);
        // The extractor is as good as new afterwards.
        Assert.Equal(4, extractor.Extract(paths).Rows.Count);
    }

    [Fact]
    public void Extract_Progress_CountsUpToEveryImage()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 10, seed: 5);
        using var extractor = new BottleneckExtractor(Tiny.Cut(), threads: 2);
        List<int> seen = [];
        extractor.Extract(paths, new Counter(seen.Add));
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(10, seen[^1]);
    }

    [Fact]
    public void Constructor_BadInput_SaysWhatIsWrong() =>
        Assert.Contains("received 0", Assert.Throws<TransferException>(() => new BottleneckExtractor(Tiny.Cut(), threads: 0)).Message);

    private static float[] Extract(BackboneCut cut, string[] paths, int threads, int batch)
    {
        using var extractor = new BottleneckExtractor(cut.Onnx, cut.Backbone.Preprocessing, threads, batch: batch);
        var features = extractor.Extract(paths).Features;
        return [.. Enumerable.Range(0, features.Rows).SelectMany(row => features.Row(row).ToArray())];
    }

    private static BackboneCut MobileNet()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        return backbone.CutAt(backbone.DefaultCut);
    }

    private static string[] Photos(int count) =>
        [.. Directory.GetFiles(Repository.SharedOrSkip("data", "ants-bees"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(count)];

    private sealed class Counter(Action<int> action) : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value)
        {
            Last = value;
            action(value);
        }
    }
}
