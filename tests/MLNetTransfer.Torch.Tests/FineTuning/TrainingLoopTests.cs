using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.Graph;

namespace MLNetTransfer.Torch.Tests.FineTuning;

/// <summary>The loop on the last stage of the embedded backbone and random activations: what it promises whatever it is fed.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainingLoopTests
{
    private const int Images = 20;
    private static readonly FineTuningOptions Options = new() { Cut = "stage3", Epochs = 3, BatchSize = 6, Augmentation = Augmentation.None };
    private static readonly int[] All = [.. Enumerable.Range(0, Images)];

    [Fact]
    public void Run_RateOfNothing_SameBytes()
    {
        using var problem = new Problem();
        using var loop = problem.Loop(Options with { LearningRate = 0 });
        var before = new float[loop.Network.Length];
        loop.Network.Read(before);

        var trained = loop.Run(problem.Head, All, [], null, null, CancellationToken.None);

        problem.Head.CopyTo(before, loop.Network.HeadStart);
        Assert.Equal(before, trained.Weights);
        loop.Network.Load(trained.Weights);
        Assert.Equal(OnnxFile.Write(problem.Split.Model), loop.Network.ToOnnx());
    }

    [Theory]
    [InlineData(FineTuningOptimizer.AdamW, 0.02)]
    [InlineData(FineTuningOptimizer.Sgd, 5)]
    public void Run_FewImages_LearnsThemByHeart(FineTuningOptimizer optimizer, double rate)
    {
        using var problem = new Problem();
        using var loop = problem.Loop(Options with { Optimizer = optimizer, LearningRate = rate, Epochs = 60, LabelSmoothing = 0 });

        var trained = loop.Run(problem.Head, All, [], null, null, CancellationToken.None);

        var scores = loop.Score(trained.Weights, All, CancellationToken.None);
        Assert.Equal(problem.Labels, scores.Select(score => score > 0 ? 1 : 0));
        Assert.True(trained.Epochs[^1].Loss < 0.5 * trained.Epochs[0].Loss, $"{trained.Epochs[0].Loss} -> {trained.Epochs[^1].Loss}");
    }

    [Fact]
    public void Run_AnyNumberOfThreads_SameBits()
    {
        using var problem = new Problem();
        var options = Options with { Dropout = 0.3, Augmentation = Augmentation.None with { MixUp = 0.4 } };
        using var one = problem.Loop(options, threads: 1);
        using var two = problem.Loop(options, threads: 2);

        Assert.Equal(one.Run(problem.Head, All, [], null, null, CancellationToken.None).Weights, two.Run(problem.Head, All, [], null, null, CancellationToken.None).Weights);
    }

    [Fact]
    public void GradientOf_WithDropoutAndMixUp_AgreesWithFiniteDifferences()
    {
        using var problem = new Problem();
        var options = Options with { Dropout = 0.2, Augmentation = Augmentation.None with { MixUp = 0.4 } };
        using var loop = problem.Loop(options);
        var weights = new float[loop.Network.Length];
        loop.Network.Read(weights);
        problem.Head.CopyTo(weights, loop.Network.HeadStart);
        TrainingBatch Batch() => new(problem.Store, problem.Task, [0, 3, 5, 7, 11], 0, new RandomStream(5), options);
        var (loss, gradient) = loop.GradientOf(weights, Batch());

        var length = Math.Sqrt(gradient.Sum(value => (double)value * value));
        double[] slopes = [.. new[] { 1e-2, 1e-3 }.Select(h => (Moved(h) - Moved(-h)) / (2 * h))];

        Assert.True(length > 0.01 && loss > 0);
        Assert.True(slopes.Any(slope => Math.Abs(slope - length) < 0.02 * length), $"{string.Join(", ", slopes)} and {length}");

        double Moved(double h) => loop.GradientOf([.. weights.Zip(gradient, (weight, slope) => (float)(weight + h * slope / length))], Batch()).Loss;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_CutOffAfterAnEpochAndResumed_SameBitsAsWithout(bool trainsBatchNorm)
    {
        using var folder = new TemporaryFolder();
        using var problem = new Problem();
        var options = Options with { Dropout = 0.2, TrainBatchNorm = trainsBatchNorm };
        var path = folder.File("one.training");
        using var whole = problem.Loop(options);
        var expected = whole.Run(problem.Head, All, [], null, null, CancellationToken.None);
        using var first = problem.Loop(options);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(void () => first.Run(problem.Head, All, [], new TrainingCheckpoint(path, "it"), epoch => { if (epoch.Epoch == 2) stop.Cancel(); }, stop.Token));

        using var second = problem.Loop(options);
        var epochs = 0;
        var resumed = second.Run(problem.Head, All, [], new TrainingCheckpoint(path, "it"), _ => epochs++, CancellationToken.None);

        Assert.Equal(1, epochs);
        Assert.Equal(expected.Weights, resumed.Weights);
        Assert.Equal(expected.Epochs, resumed.Epochs);
    }

    [Fact]
    public void Run_CheckpointOfAnotherTrainingOrDamaged_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var problem = new Problem();
        using var loop = problem.Loop(Options with { Epochs = 1 });
        var path = folder.File("one.training");
        loop.Run(problem.Head, All, [], new TrainingCheckpoint(path, "it"), null, CancellationToken.None);

        var other = Assert.Throws<TransferException>(void () => loop.Run(problem.Head, All, [], new TrainingCheckpoint(path, "another"), null, CancellationToken.None));
        Assert.Contains("another", other.Message, StringComparison.Ordinal);

        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        var damaged = Assert.Throws<TransferException>(void () => loop.Run(problem.Head, All, [], new TrainingCheckpoint(path, "it"), null, CancellationToken.None));
        Assert.Contains("checksum", damaged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FineTuningOptimizer.Sgd, 1e7)]
    [InlineData(FineTuningOptimizer.AdamW, 1e4)]
    public void Run_RateFarTooHigh_NamedAndTheBestWeightsKept(FineTuningOptimizer optimizer, double rate)
    {
        using var problem = new Problem();
        using var loop = problem.Loop(Options with { Optimizer = optimizer, LearningRate = rate });

        var trained = loop.Run(problem.Head, All, [], null, null, CancellationToken.None);

        Assert.Contains("diverged", trained.Divergence, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate", trained.Divergence, StringComparison.Ordinal);
        Assert.All(trained.Weights, weight => Assert.True(float.IsFinite(weight)));
        Assert.Equal(problem.Head, trained.Weights.Skip(loop.Network.HeadStart).Take(problem.Head.Length));
    }

    [Fact]
    public void Run_WatchedImages_StopsEarlyAndKeepsTheBestEpoch()
    {
        using var problem = new Problem();
        var options = Options with { Epochs = 30, Patience = 2, LearningRate = 0.03, WarmUp = 0 };
        using var loop = problem.Loop(options);
        int[] learn = All[..12], watch = All[12..];

        var trained = loop.Run(problem.Head, learn, watch, null, null, CancellationToken.None);

        // Activations are noise: what is learnt of some images is wrong of others.
        Assert.True(trained.Epochs.Count < 30, $"{trained.Epochs.Count} epochs");
        var best = trained.Epochs.MinBy(epoch => epoch.ValidationLoss)!;
        var scores = loop.Score(trained.Weights, watch, CancellationToken.None);
        var loss = Enumerable.Range(0, watch.Length).Average(i => Math.Log(1 + Math.Exp(problem.Labels[watch[i]] == 1 ? -scores[i] : scores[i])));
        Assert.True(loss <= best.ValidationLoss + 1e-5, $"{loss} and {best.ValidationLoss}");
    }

    [Fact]
    public void Run_BatchLargerThanTheSet_IsOneStepAnEpoch()
    {
        using var problem = new Problem();
        using var loop = problem.Loop(Options with { BatchSize = 1000 });

        Assert.Equal(3, loop.Run(problem.Head, All, [], null, null, CancellationToken.None).Epochs.Count);
    }

    [Fact]
    public void Run_OneImage_Learns()
    {
        using var problem = new Problem();
        using var loop = problem.Loop(Options);

        Assert.Equal(3, loop.Run(problem.Head, [4], [], null, null, CancellationToken.None).Epochs.Count);
    }

    /// <summary>Random activations at stage3 of the embedded backbone, shrunk to 4 x 4, and a random question.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Problem()
        {
            var backbone = Backbone.Embedded;
            Split = GraphSplit.At(OnnxFile.Parse(backbone.CutAt(backbone.FindCut("stage4")).Onnx, "embedded"), "stage3");
            var random = RandomStream.Derive(1, "activations");
            var values = new float[Images * 128];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)Math.Abs(random.NextNormal());
            Store = ActivationStore.Of(new FeatureMatrix(Images, 128, values), _folder.Path, [[128, 1, 1]]);
            Labels = [.. All.Select(_ => random.NextInt32(2))];
            Head = [.. Enumerable.Range(0, 257).Select(_ => (float)(0.02 * random.NextNormal()))];
        }

        public GraphSplit Split { get; }
        public ActivationStore Store { get; }
        public int[] Labels { get; }
        public float[] Head { get; }
        public LearningTask Task => new(Labels, [1, 1]);

        public TrainingLoop Loop(FineTuningOptions options, int threads = 2) => new(Split, Store, Task, 256, options, seed: 1, threads);

        public void Dispose()
        {
            Store.Dispose();
            _folder.Dispose();
        }
    }
}
