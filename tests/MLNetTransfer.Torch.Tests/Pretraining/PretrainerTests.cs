using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Pretraining;
using MLNetTransfer.Torch.Pretraining.Formulas;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class PretrainerTests
{
    [Fact]
    public void Run_LongerRun_LossFalls()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        var options = new PretrainingOptions { Images = 1280, BatchSize = 16, Side = 32, LearningRate = 0.1, BFloat16 = false, HeldOut = 64, CheckpointEvery = 10, Threads = 1 };
        var result = new Pretrainer(options).Run(folder.File("run.ckpt"), log);
        Assert.Equal(8, log.Reports.Count);
        Assert.All(log.Reports, report => Assert.InRange(report.ImagesPerSecond, 0.001, double.MaxValue));
        Assert.True(log.Reports[^1].Loss < log.Reports[0].Loss - 0.2, $"The loss went from {log.Reports[0].Loss} to {log.Reports[^1].Loss}.");
        Assert.Equal(64, result.HeldOut);
        Assert.InRange(result.Accuracy, 0, 1);
    }

    [Fact]
    public void Run_SameSeed_SameBytes()
    {
        using var folder = new TemporaryFolder();
        var first = new Pretrainer(Tiny()).Run(folder.File("first.ckpt"));
        var second = new Pretrainer(Tiny()).Run(folder.File("second.ckpt"));
        var other = new Pretrainer(Tiny(seed: 2)).Run(folder.File("other.ckpt"));
        AssertSame(first, second);
        Assert.False(first.Onnx.Span.SequenceEqual(other.Onnx.Span));
    }

    [Fact]
    public void Run_CancelledAfterACheckpointAndResumed_SameBytes()
    {
        using var folder = new TemporaryFolder();
        var whole = new Pretrainer(Tiny()).Run(folder.File("whole.ckpt"));
        var path = folder.File("parts.ckpt");
        using var cancellation = new CancellationTokenSource();
        var log = new Log { Then = report => { if (report.Step == 10) cancellation.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => new Pretrainer(Tiny()).Run(path, log, cancellation.Token));
        var resumed = new Pretrainer(Tiny()).Run(path, log);
        AssertSame(whole, resumed);
        Assert.Equal([5, 10, 15, 20], log.Reports.Select(report => report.Step));
        Assert.False(File.Exists(path + ".tmp"));

        // A finished run has nothing to do but to say again what came of it.
        var again = new Pretrainer(Tiny()).Run(path, log);
        AssertSame(whole, again);
        Assert.Equal(4, log.Reports.Count);
    }

    [Fact]
    public void Run_ResumedWithOtherIntervals_ReportsMeansOfTheirOwnSteps()
    {
        using var folder = new TemporaryFolder();
        var each = new Log();
        new Pretrainer(Tiny(every: 1)).Run(folder.File("each.ckpt"), each);
        var path = folder.File("parts.ckpt");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            new Pretrainer(Tiny(every: 6)).Run(path, new Log { Then = _ => cancellation.Cancel() }, cancellation.Token));
        var log = new Log();
        new Pretrainer(Tiny(every: 8)).Run(path, log);
        Assert.Equal([8, 16, 20], log.Reports.Select(report => report.Step));
        foreach (var (report, from) in log.Reports.Zip([6, 8, 16]))
        {
            var steps = each.Reports.Where(step => step.Step > from && step.Step <= report.Step).ToList();
            Assert.Equal(steps.Average(step => step.Loss), report.Loss, 1e-9);
            Assert.Equal(steps.Average(step => step.Accuracy), report.Accuracy, 1e-9);
            Assert.Equal(report.Step * 32, report.Images);
        }
    }

    [Fact]
    public void Run_FromABackbone_GoesOnFromWhatItKnows()
    {
        using var folder = new TemporaryFolder();
        var backbone = folder.File("first.onnx");
        var first = new Log();
        File.WriteAllBytes(backbone, new Pretrainer(Tiny(images: 1920)).Run(folder.File("first.ckpt"), first).Onnx.ToArray());
        var further = new Log();
        new Pretrainer(Tiny(from: backbone)).Run(folder.File("further.ckpt"), further);
        Assert.True(further.Reports[0].Loss < first.Reports[0].Loss - 0.2, $"The first loss is {further.Reports[0].Loss}, from random weights {first.Reports[0].Loss}.");

        // With things there are more classes. The checkpoint, not the backbone, is what an interrupted run goes on from; another backbone is another run.
        var whole = new Pretrainer(Tiny(things: 0.3, from: backbone)).Run(folder.File("whole.ckpt"));
        var path = folder.File("parts.ckpt");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            new Pretrainer(Tiny(things: 0.3, from: backbone)).Run(path, new Log { Then = _ => cancellation.Cancel() }, cancellation.Token));
        AssertSame(whole, new Pretrainer(Tiny(things: 0.3, from: backbone)).Run(path));
        File.WriteAllBytes(backbone, whole.Onnx.ToArray());
        Assert.Contains("the options it began with", Assert.Throws<TransferException>(() => new Pretrainer(Tiny(things: 0.3, from: backbone)).Run(path)).Message);
    }

    [Fact]
    public void Run_KeepingAShareOfItsStart_EndsWithTheMeanOfBoth()
    {
        using var folder = new TemporaryFolder();
        var backbone = folder.File("first.onnx");
        var start = new Pretrainer(Tiny()).Run(folder.File("first.ckpt")).Onnx.ToArray();
        File.WriteAllBytes(backbone, start);
        var trained = new Pretrainer(Tiny(things: 0.3, from: backbone)).Run(folder.File("further.ckpt"));

        // What is kept belongs to the end of a run, not to the way there: the same checkpoint serves both.
        var mean = new Pretrainer(Tiny(things: 0.3, from: backbone, keep: 0.25)).Run(folder.File("further.ckpt"));

        float[] Weights(ReadOnlyMemory<byte> onnx, string name) => OnnxFile.Parse(onnx.ToArray(), "network").Graph.Initializer.Single(tensor => tensor.Name == name).FloatValues(int.MaxValue)!;
        foreach (var name in (string[])["stem_conv_weight", "stage4_1_second_bias"])
        {
            var (a, b, m) = (Weights(trained.Onnx, name), Weights(start, name), Weights(mean.Onnx, name));
            Assert.NotEqual(a, b);
            for (var i = 0; i < m.Length; i++)
                Assert.Equal((0.75f * a[i]) + (0.25f * b[i]), m[i], 1e-6f);
        }

        // Only one of the two knows things.
        Assert.Equal(Weights(trained.Onnx, "classifier_weight"), Weights(mean.Onnx, "classifier_weight"));

        // The accuracy is that of the mean: of the file, read back and judged on the same images.
        File.WriteAllBytes(backbone, mean.Onnx.ToArray());
        using var network = new ResidualNetwork(FormulaImages.Classes + FormulaImages.ThingClasses, FormulaImages.Themes, TorchSharp.torch.ScalarType.Float32);
        NetworkImport.Restore(network, backbone);
        network.eval();
        var (images, pixels, right) = (new FormulaImages(1, "held-out", 32, 0.3), new float[3 * 32 * 32], 0);
        for (var i = 0; i < 64; i++)
        {
            var label = images.Render(i, pixels);
            using var scope = TorchSharp.torch.NewDisposeScope();
            right += network.forward(TorchSharp.torch.tensor(pixels, [1, 3, 32, 32])).Formulas.argmax(1).item<long>() == label.Formula ? 1 : 0;
        }

        Assert.Equal(right / 64.0, mean.Accuracy, 1e-9);
    }

    [Theory]
    [InlineData(1, true, "Keep is 0 up to 1; received 1")]
    [InlineData(double.NaN, true, "Keep is 0 up to 1")]
    [InlineData(0.5, false, "received 0.5 and no From")]
    public void Run_ShareThatCannotBeKept_IsRefused(double keep, bool hasStart, string said) =>
        Assert.Contains(said, Assert.Throws<TransferException>(() => new Pretrainer(Tiny(keep: keep, from: hasStart ? "any.onnx" : null))).Message);

    [Fact]
    public void Run_FromNoBackbone_SaysSoAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        var missing = folder.File("missing.onnx");
        Assert.Contains(missing, Assert.Throws<TransferException>(() => new Pretrainer(Tiny(from: missing)).Run(folder.File("run.ckpt"))).Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Run_CancelledBefore_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<OperationCanceledException>(() => new Pretrainer(Tiny()).Run(folder.File("run.ckpt"), cancellation: new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Run_LearningRateTooHigh_SaysWhichAndLeavesNoCheckpoint()
    {
        // Decay and rate together multiply every weight by some -9 a step, until 32 bit overflow.
        using var folder = new TemporaryFolder();
        var options = new PretrainingOptions { Images = 800, BatchSize = 8, Side = 32, LearningRate = 9.5, WarmUp = 0, WeightDecay = 0.99, BFloat16 = false, Threads = 1 };
        var message = Assert.Throws<TransferException>(() => new Pretrainer(options).Run(folder.File("run.ckpt"))).Message;
        Assert.Contains("diverged", message);
        Assert.Contains("LearningRate (received 9.5)", message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>20 steps of 32 images.</summary>
    private static PretrainingOptions Tiny(int seed = 1, long images = 640, int every = 5, double things = 0, string? from = null, double keep = 0) => new()
    {
        Seed = seed,
        Images = images,
        Things = things,
        From = from,
        Keep = keep,
        BatchSize = 32,
        Side = 32,
        LearningRate = 0.05,
        BFloat16 = false,
        HeldOut = 64,
        CheckpointEvery = every,
        Threads = 1,
    };

    private static void AssertSame(PretrainingResult expected, PretrainingResult received)
    {
        Assert.True(expected.Onnx.Span.SequenceEqual(received.Onnx.Span), "The ONNX bytes differ.");
        Assert.Equal(expected.Accuracy, received.Accuracy);
    }

    private sealed class Log : IProgress<PretrainingProgress>
    {
        public List<PretrainingProgress> Reports { get; } = [];

        public Action<PretrainingProgress> Then { get; init; } = _ => { };

        public void Report(PretrainingProgress value)
        {
            Reports.Add(value);
            Then(value);
        }
    }
}
