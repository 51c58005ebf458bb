using MLNetTransfer.Backbones.Quantization;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class ChannelWeightsTests
{
    private const int Channels = 5;
    private const int Size = 36;
    private static readonly float[] Weights = [.. OnnxModels.RandomFloats(Channels * Size, 1).Select((value, i) => value * MathF.Pow(10, i / Size - 2))];
    private static readonly float[] Biases = OnnxModels.RandomFloats(Channels, 2);

    [Theory]
    [InlineData(false, 127)]
    [InlineData(true, 63)]
    public void Quantise_RandomWeights_ComeBackWithinHalfAStepOfTheirChannel(bool isReduced, int largest)
    {
        var quantised = ChannelWeights.Quantise(Weights, Biases, 0.02f, isReduced);

        for (var channel = 0; channel < Channels; channel++)
        {
            var row = Weights[(channel * Size)..((channel + 1) * Size)];
            var peak = row.Max(Math.Abs);
            // The step is the peak over a whole number of steps: the closed form is the largest one.
            var steps = peak / quantised.Scales[channel];
            Assert.Equal(Math.Round(steps), steps, 3);
            Assert.InRange(steps, largest / 2, largest + 0.01);
            for (var i = 0; i < Size; i++)
                Assert.InRange(Math.Abs((quantised.Values[(channel * Size) + i] * (double)quantised.Scales[channel]) - row[i]), 0, 0.50001 * quantised.Scales[channel]);
        }
        Assert.InRange(quantised.Values.Max(value => Math.Abs((int)value)), largest / 2, largest);
    }

    [Fact]
    public void Quantise_Biases_AreInStepsOfInputTimesWeight()
    {
        var quantised = ChannelWeights.Quantise(Weights, Biases, 0.02f, isReduced: false);

        for (var channel = 0; channel < Channels; channel++)
        {
            Assert.Equal(0.02f * quantised.Scales[channel], quantised.BiasScales[channel]);
            Assert.InRange(Math.Abs((quantised.Biases[channel] * (double)quantised.BiasScales[channel]) - Biases[channel]), 0, 0.501 * quantised.BiasScales[channel]);
        }
    }

    [Fact]
    public void Quantise_AChannelOfAnySteps_IsNoWorseThanTheLargestNumberOfThem()
    {
        var quantised = ChannelWeights.Quantise(Weights, Biases, 0.02f, isReduced: false);

        for (var channel = 0; channel < Channels; channel++)
        {
            var row = Weights[(channel * Size)..((channel + 1) * Size)];
            double Error(double step) => row.Sum(weight => Math.Pow((Math.Round(weight / step) * step) - weight, 2));
            Assert.InRange(Error(quantised.Scales[channel]), 0, Error(row.Max(Math.Abs) / 127) * 1.0001);
        }
    }

    [Fact]
    public void Quantise_WeightsThatWereEightBitsBefore_AreExact()
    {
        sbyte[] before = [3, -2, 90, 0, 45, -90, 1, 1];
        float[] weights = [.. before.Select(value => value * 0.0371f)];

        var quantised = ChannelWeights.Quantise(weights, [0], 1, isReduced: false);

        Assert.Equal(before, quantised.Values);
        Assert.Equal(0.0371f, quantised.Scales[0], 6);
    }

    [Fact]
    public void Quantise_AChannelOfZeros_StaysZeroAndKeepsItsBias()
    {
        var quantised = ChannelWeights.Quantise(new float[8], [0, 0.5f], 0.01f, isReduced: false);

        Assert.All(quantised.Values, value => Assert.Equal(0, value));
        Assert.All(quantised.Scales, scale => Assert.True(scale > 0 && float.IsFinite(scale)));
        Assert.Equal(0, quantised.Biases[0]);
        Assert.Equal(0.5, quantised.Biases[1] * (double)quantised.BiasScales[1], 1e-6);
    }

    [Fact]
    public void Quantise_ALargeBiasBesideTinyWeights_FitsThirtyTwoBits()
    {
        var quantised = ChannelWeights.Quantise([1e-9f, -2e-9f], [100], 0.001f, isReduced: false);

        Assert.InRange(Math.Abs((double)quantised.Biases[0]), 1, (1 << 30) + 100);
        Assert.Equal(100, quantised.Biases[0] * (double)quantised.BiasScales[0], 1e-3);
    }
}
