using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class ImageClassifierTests : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TrainedTask _task;
    private readonly ImageClassifier _classifier;

    public ImageClassifierTests(TrainedTask task) => (_task, _classifier) = (task, ImageClassifier.Load(task.ModelPath, threads: 2));

    public void Dispose()
    {
        _classifier.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Predict_PathBytesStreamAndBatch_Agree()
    {
        var batch = _classifier.Predict(_task.TestPaths);
        for (var i = 0; i < batch.Count; i++)
        {
            var path = _task.TestPaths[i];
            var expected = Bits(_classifier.Predict(path));
            var bytes = File.ReadAllBytes(path);
            Assert.Equal(expected, Bits(_classifier.Predict(bytes)));
            using var stream = new MemoryStream([1, 2, 3, .. bytes]) { Position = 3 };
            Assert.Equal(expected, Bits(_classifier.Predict(stream)));
            Assert.True(stream.CanRead);
            Assert.Equal(path, batch[i].Path);
            Assert.Equal(expected, Bits(batch[i].Prediction!));
        }
    }

    [Fact]
    public void Predict_32CallersAtOnce_SameBitsAsOneAfterTheOther()
    {
        string[] expected = [.. _task.TestPaths.Select(path => Bits(_classifier.Predict(path)))];
        var wrong = 0;
        Thread[] callers = [.. Enumerable.Range(0, 32).Select(caller => new Thread(() =>
        {
            for (var n = 0; n < expected.Length; n++)
            {
                var i = (n + caller) % expected.Length;
                if (Bits(_classifier.Predict(_task.TestPaths[i])) != expected[i])
                    Interlocked.Increment(ref wrong);
            }
        }))];
        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Predict_GoodAndBadImagesAtOnce_EachCallerGetsItsOwnAnswer()
    {
        var good = _task.TestPaths;
        string[] expected = [.. good.Select(path => Bits(_classifier.Predict(path)))];
        var torn = File.ReadAllBytes(good[0])[..200];
        var wrong = 0;
        Thread[] callers = [.. Enumerable.Range(0, 8).Select(caller => new Thread(() =>
        {
            for (var i = 0; i < good.Count; i++)
                if (!(caller % 2 == 0 ? Answers(good[i], expected[i]) : IsRefused($"{caller} {i}")))
                    Interlocked.Increment(ref wrong);
        }))];
        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();
        Assert.Equal(0, wrong);

        bool Answers(string path, string bits) => Bits(_classifier.Predict(path)) == bits;

        bool IsRefused(string name)
        {
            try
            {
                _classifier.Predict(torn, name);
                return false;
            }
            catch (ImageException error)
            {
                return error.Path == name;
            }
        }
    }

    [Fact]
    public void WarmUp_AnyNumberOfTimes_ChangesNoPrediction()
    {
        var expected = Bits(_classifier.Predict(_task.TestPaths[0]));
        using var warm = ImageClassifier.Load(_task.ModelPath);
        for (var i = 0; i < 3; i++)
        {
            warm.WarmUp();
            Assert.Equal(expected, Bits(warm.Predict(_task.TestPaths[0])));
        }
    }

    [Fact]
    public async Task PredictAsync_StreamThatOnlyReadsAsynchronously_AgreesWithTheFile()
    {
        var bytes = Drawings.Encode("dots", seed: 7);
        await using var stream = new AsynchronousStream(bytes);
        var prediction = await _classifier.PredictAsync(stream);
        Assert.Equal(Bits(_classifier.Predict(bytes)), Bits(prediction));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task PredictAsync_BadOrCancelled_SaysSo()
    {
        Assert.Equal("upload", (await Assert.ThrowsAsync<ImageException>(() => _classifier.PredictAsync(new MemoryStream([1, 2]), "upload"))).Path);
        await using var stream = new AsynchronousStream(Drawings.Encode("dots", seed: 7));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _classifier.PredictAsync(stream, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Predict_Prediction_SumsToOneAndNamesItsClass()
    {
        var prediction = _classifier.Predict(_task.TestPaths[0]);
        Assert.Equal(["dots", "stripes"], _classifier.Classes);
        Assert.Equal("stripes", _classifier.Positive);
        Assert.Equal(["dots", "stripes"], prediction.Probabilities.Keys.Order());
        Assert.Equal(1, prediction["dots"] + prediction["stripes"], 1e-6);
        Assert.Equal(prediction[prediction.Label], prediction.Probability);
        Assert.Equal(prediction["stripes"] >= (float)_classifier.Card.Threshold!.Value, prediction.Label == "stripes");
        Assert.Contains("'dots', 'stripes'", Assert.Throws<KeyNotFoundException>(() => prediction["rings"]).Message);
    }

    [Fact]
    public void Predict_BadImage_IsAnErrorAndNeverTheLastResult()
    {
        var bad = _folder.File("bad.png");
        File.WriteAllBytes(bad, File.ReadAllBytes(_task.TestPaths[0])[..200]);
        var expected = Bits(_classifier.Predict(_task.TestPaths[1]));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(bad, Assert.Throws<ImageException>(() => _classifier.Predict(bad)).Path);
            Assert.Equal("memory", Assert.Throws<ImageException>(() => _classifier.Predict(new byte[] { 1, 2, 3 }, "memory")).Path);
            Assert.Equal("a stream", Assert.Throws<ImageException>(() => _classifier.Predict(new MemoryStream(), "a stream")).Path);
            Assert.Contains("does not exist", Assert.Throws<ImageException>(() => _classifier.Predict(_folder.File("gone.png"))).Message);
            Assert.Equal(expected, Bits(_classifier.Predict(_task.TestPaths[1])));
        }
    }

    [Fact]
    public void Predict_BadFilesBetweenGoodOnes_KeepsOrderAndNamesEach()
    {
        var (empty, text) = (_folder.File("empty.png"), _folder.File("text.png"));
        File.WriteAllBytes(empty, []);
        File.WriteAllText(text, "no picture");
        var good = _task.TestPaths;
        string[] paths = [empty, good[0], text, good[16], good[1], _folder.Path, good[17], empty];
        var outcomes = _classifier.Predict(paths);
        Assert.Equal(paths, outcomes.Select(outcome => outcome.Path));
        Assert.Equal([false, true, false, true, true, false, true, false], outcomes.Select(outcome => outcome.IsPredicted));
        foreach (var outcome in outcomes)
        {
            if (outcome.IsPredicted)
                Assert.Equal(Bits(_classifier.Predict(outcome.Path)), Bits(outcome.Prediction));
            else
                Assert.Equal(Assert.Throws<ImageException>(() => _classifier.Predict(outcome.Path)).Reason, outcome.Error);
        }
    }

    [Fact]
    public void Predict_NoPaths_GivesNoOutcomes() => Assert.Empty(_classifier.Predict(Array.Empty<string>()));

    [Fact]
    public void Evaluate_UnreadableImages_AreListedAndCountForNothing()
    {
        var bad = _folder.File("bad.png");
        File.WriteAllText(bad, "no picture");
        var images = new ImageSet([.. _task.Test.Images, new LabeledImage(bad, "dots")]);
        var evaluated = _classifier.Evaluate(images);
        Assert.Equal(bad, Assert.Single(evaluated.Skipped).Path);
        Assert.Equal(30, evaluated.Result.Images);
        Assert.Equal(_task.Result.Test!.Result.Accuracy, evaluated.Result.Accuracy);
    }

    [Fact]
    public void Evaluate_NothingReadableOrForeignClass_IsRefused()
    {
        Assert.Throws<TransferException>(() => _classifier.Evaluate(new ImageSet([new LabeledImage(_folder.File("gone.png"), "dots")])));
        var error = Assert.Throws<TransferException>(() => _classifier.Evaluate(new ImageSet([new LabeledImage(_task.TestPaths[0], "rings")])));
        Assert.Contains("('dots', 'stripes'); received 'rings'", error.Message);
    }

    [Fact]
    public async Task Predict_AfterDispose_IsRefused()
    {
        var classifier = ImageClassifier.Load(_task.ModelPath);
        classifier.Dispose();
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(_task.TestPaths[0]));
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(_task.TestPaths));
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(new byte[] { 1 }));
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(new MemoryStream()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => classifier.PredictAsync(new MemoryStream()));
        Assert.Throws<ObjectDisposedException>(classifier.WarmUp);
        Assert.Throws<ObjectDisposedException>(() => classifier.Evaluate(_task.Test));
    }

    private static string Bits(ImagePrediction prediction) =>
        $"{prediction.Label} {BitConverter.SingleToInt32Bits(prediction["dots"])} {BitConverter.SingleToInt32Bits(prediction["stripes"])}";

    /// <summary>The body of a web request: cannot seek, comes in pieces, and refuses to keep a thread waiting.</summary>
    private sealed class AsynchronousStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override int Read(Span<byte> buffer) => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            var count = (int)Math.Min(Math.Min(buffer.Length, 1000), Length - Position);
            var start = (int)Position;
            Position += count;
            ToArray().AsSpan(start, count).CopyTo(buffer.Span);
            return count;
        }
    }
}
