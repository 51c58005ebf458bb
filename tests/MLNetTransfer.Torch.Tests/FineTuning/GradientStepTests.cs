using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Tests.FineTuning;

/// <summary>
/// Four steps against PyTorch 1.13 in 64 bit (torch.optim.AdamW and SGD, nesterov), and closed forms. Steps are shares of the size of the weights here, so that rates and decays are
/// translated: the root mean square of the weights is sqrt(1.75).
/// </summary>
public sealed class GradientStepTests
{
    private static readonly float[][] Gradients = [[0.1f, -0.2f, 0.3f], [0.4f, 0.1f, -0.5f], [-0.3f, 0.2f, 0.05f], [0.0f, 0.6f, -0.1f]];
    private static readonly double[] Rates = [0.01, 0.02, 0.015, 0.005];

    [Theory]
    [InlineData(FineTuningOptimizer.AdamW, 0.1, new[] { 0.466519115, -0.986919502, 1.98967007 })]
    [InlineData(FineTuningOptimizer.AdamW, 0, new[] { 0.468938104, -0.991862202, 1.999625654 })]
    [InlineData(FineTuningOptimizer.Sgd, 0, new[] { 0.48330545, -1.0077064, 2.01139535 })]
    public void Apply_FourSteps_AgreesWithPyTorch(FineTuningOptimizer optimizer, double decay, double[] expected)
    {
        float[] weights = [0.5f, -1, 2];
        var size = Math.Sqrt(1.75);
        var scale = optimizer == FineTuningOptimizer.AdamW ? size : size * size;
        var step = new GradientStep(Options(optimizer) with { WeightDecay = decay * scale }, [new(0, 3, 1, true, false)], weights);

        for (var i = 0; i < Gradients.Length; i++)
            step.Apply(weights, [.. Gradients[i]], Rates[i] / scale, i);

        Assert.All(weights.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-6));
    }

    [Theory]
    [InlineData(FineTuningOptimizer.AdamW)]
    [InlineData(FineTuningOptimizer.Sgd)]
    public void Apply_RateOfNothing_MovesNothingToTheBit(FineTuningOptimizer optimizer)
    {
        float[] weights = [0.5f, -1, 2];
        var step = new GradientStep(Options(optimizer) with { WeightDecay = 0.1, PretrainedDecay = 0.2 }, [new(0, 3, 1, true, true)], weights);

        step.Apply(weights, [.. Gradients[0]], 0, 0);

        Assert.Equal([0.5f, -1, 2], weights);
    }

    [Theory]
    [InlineData(FineTuningOptimizer.AdamW)]
    [InlineData(FineTuningOptimizer.Sgd)]
    public void Apply_DecayTowardsThePretrained_ReplacesThatTowardsNothing(FineTuningOptimizer optimizer)
    {
        float[] weights = [0.5f, -1, 2];
        var step = new GradientStep(Options(optimizer) with { WeightDecay = 0.5, PretrainedDecay = 0.1, Momentum = 0 }, [new(0, 3, 1, true, true)], weights);
        weights[0] = 1.5f;

        step.Apply(weights, new float[3], 0.1, 0);

        // Without a gradient the one that has left goes a hundredth of its way back; decay towards 0 would have moved all.
        Assert.Equal(1.49f, weights[0], 1e-6f);
        Assert.Equal([-1, 2], weights[1..]);
    }

    [Theory]
    [InlineData(FineTuningOptimizer.AdamW)]
    [InlineData(FineTuningOptimizer.Sgd)]
    public void Apply_ChannelsOfDifferentSize_EachMovesByItsOwn(FineTuningOptimizer optimizer)
    {
        // The second channel is four times the first, and so, by the chain rule, its gradient a quarter.
        float[] weights = [0.5f, 1, 2, 4];
        var step = new GradientStep(Options(optimizer) with { WeightDecay = 0 }, [new(0, 4, 1, true, false, Channels: 2)], weights);

        step.Apply(weights, [1, -0.5f, 0.25f, -0.125f], 0.01, 0);

        Assert.NotEqual(2, weights[2]);
        Assert.Equal(weights[2] / 4, weights[0], 1e-6f);
        Assert.Equal(weights[3] / 4, weights[1], 1e-6f);
    }

    [Fact]
    public void Apply_RangesOfDifferentRates_EachItsOwn()
    {
        float[] weights = [1, 1, 1];
        WeightRange[] ranges = [new(0, 1, 1, false, false), new(1, 1, 0.5, false, false), new(2, 1, 0, false, false)];
        var step = new GradientStep(Options(FineTuningOptimizer.Sgd) with { Momentum = 0, WeightDecay = 0 }, ranges, weights);

        step.Apply(weights, [1, 1, 1], 0.1, 0);

        Assert.Equal([0.9f, 0.95f, 1f], weights);
    }

    private static FineTuningOptions Options(FineTuningOptimizer optimizer) => new() { Cut = "any", Optimizer = optimizer };
}
