using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Tests.FineTuning;

/// <summary>Losses and gradients against PyTorch 1.13 in 64 bit (cross_entropy with label_smoothing=.1, binary_cross_entropy_with_logits).</summary>
public sealed class FineTuningLossTests
{
    [Fact]
    public void Evaluate_ThreeClasses_AgreesWithPyTorch()
    {
        var (target, gradient) = (new double[3], new double[3]);
        FineTuningLoss.AddTarget(target, 1, 1, smoothing: 0.1);

        var loss = FineTuningLoss.Evaluate([0.3f, -1.2f, 2.0f], target, 1.7, gradient);

        Assert.Equal(5.516507783086411, loss, 1e-6);
        Assert.All(gradient.Zip([0.19717539904509834, -1.5300268458919923, 1.332851446846894]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Evaluate_TwoClasses_AgreesWithPyTorch()
    {
        var (target, gradient) = (new double[2], new double[1]);
        FineTuningLoss.AddTarget(target, 1, 1, smoothing: 0.1);

        var loss = FineTuningLoss.Evaluate([0.8f], target, 1.3, gradient);

        Assert.Equal(0.5344308657321111, loss, 1e-6);
        Assert.Equal(-0.3380331745341037, gradient[0], 1e-6);
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    public void Evaluate_ScoresOfAnySize_AreFinite(float score)
    {
        var (two, three) = (new double[1], new double[3]);

        Assert.True(double.IsFinite(FineTuningLoss.Evaluate([score], [1, 0], 1, two)) && double.IsFinite(two[0]));
        Assert.True(double.IsFinite(FineTuningLoss.Evaluate([score, 0, 1], [0, 1, 0], 1, three)) && three.All(double.IsFinite));
    }

    [Theory]
    [InlineData(0, 100, 0.1, 0.05)]
    [InlineData(9, 100, 0.1, 0.95)]
    [InlineData(99, 100, 0.1, 0.00007615)]
    [InlineData(49, 100, 0, 0.50785)]
    public void ShareAt_RisesThenFallsAlongACosine(long step, long steps, double warmUp, double expected) =>
        Assert.Equal(expected, LearningRates.ShareAt(step, steps, warmUp), 1e-4);
}
