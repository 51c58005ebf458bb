using MLNetTransfer.Benchmarks.Transferability;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Transferability;

[Collection(TorchCollection.Name)]
public sealed class TaskTrainingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void Run_FrozenLayers_StayToTheBitAndAllOthersMove(int frozen)
    {
        using var images = Plans.Images(Plans.Tiny);
        using var network = new CutNetwork(new RandomStream(1), Plans.Tiny.Classes, Plans.Tiny.Width);
        var before = State.Of(network);
        TaskTraining.Run(network, frozen, images, Plans.Tiny, new RandomStream(2));
        var after = State.Of(network);
        Assert.All(after.Keys, name =>
        {
            if (State.IsBelow(name, frozen))
                Assert.Equal(before[name], after[name]);
            else
                Assert.NotEqual(before[name], after[name]);
        });
    }

    [Fact]
    public void Run_TaskOfThreeFormulas_IsLearnt()
    {
        var plan = Plans.Tiny with { Images = 96, Epochs = 30, Side = 32, Width = 8 };
        using var images = Plans.Images(plan);
        using var network = new CutNetwork(new RandomStream(1), plan.Classes, plan.Width);
        var loss = TaskTraining.Run(network, 0, images, plan, new RandomStream(2));
        Assert.InRange(loss, 0, 0.5);
        Assert.InRange(TaskTraining.Accuracy(network, images), 0.8, 1);
    }

    [Fact]
    public void TakeStatistics_LayersBelow_StatisticsFollowTheImagesAndWeightsStay()
    {
        using var images = Plans.Images(Plans.Tiny);
        using var network = new CutNetwork(new RandomStream(1), Plans.Tiny.Classes, Plans.Tiny.Width);
        var before = State.Of(network);
        TaskTraining.TakeStatistics(network, 2, images, Plans.Tiny.Images);
        var after = State.Of(network);
        Assert.All(after.Keys, name =>
        {
            var isStatistic = name.EndsWith("mean", StringComparison.Ordinal) || name.EndsWith("variance", StringComparison.Ordinal);
            if (isStatistic && State.IsBelow(name, 2))
                Assert.NotEqual(before[name], after[name]);
            else
                Assert.Equal(before[name], after[name]);
        });

        // Oracle: the mean of the stem's convolution over all images, which every one of the 100 batches held; .6 % of the former mean, 0, is left.
        using var scope = NewDisposeScope();
        var convolved = nn.functional.conv2d(images.Pixels.to(ScalarType.Float32).permute(0, 3, 1, 2), network.state_dict()["stem.weight"], strides: [2, 2], padding: [2, 2]);
        var expected = convolved.mean([0, 2, 3]).data<float>().ToArray();
        Assert.All(expected.Zip(after["stem.mean"]), pair => Assert.Equal(pair.First, pair.Second, 0.02f * (1 + Math.Abs(pair.First))));
    }

    [Fact]
    public void LearningRateAt_Schedule_RisesAndFallsToNothing()
    {
        var plan = new TrainingPlan { Images = 6400, Batch = 64, Epochs = 10, LearningRate = 0.1 };
        Assert.Equal(1000, plan.Steps);
        Assert.Equal(0.002, plan.LearningRateAt(0), 1e-12);
        Assert.Equal(0.1, plan.LearningRateAt(49), 1e-12);
        Assert.Equal(0.1, plan.LearningRateAt(50), 1e-12);
        // Half way along the cosine.
        Assert.Equal(0.05, plan.LearningRateAt(525), 1e-12);
        Assert.Equal(0, plan.LearningRateAt(1000), 1e-12);
    }
}
