using MLNetTransfer.Backbones.Quantization;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class AffineScaleTests
{
    [Theory]
    [InlineData(0f, 6f)]
    [InlineData(-1f, 1f)]
    [InlineData(-2.117904f, 2.64f)]
    [InlineData(-5f, -1f)]
    [InlineData(3f, 4f)]
    [InlineData(-1e-6f, 1e5f)]
    [InlineData(-1e-20f, 2e-20f)]
    [InlineData(float.MinValue, float.MaxValue)]
    public void Covering_ARange_ValuesComeBackWithinHalfAStepAndZeroExactly(float low, float high)
    {
        var scale = AffineScale.Covering(low, high);

        Assert.True(scale.Scale > 0 && float.IsFinite(scale.Scale));
        Assert.Equal(0, RoundTrip(scale, 0));
        // The zero point is rounded: an end of the range can lie half a step outside what the integers reach.
        for (var i = 0; i <= 100; i++)
        {
            var value = low + (((double)high - low) * i / 100);
            Assert.InRange(Math.Abs(RoundTrip(scale, value) - value), 0, scale.Scale * (i is 0 or 100 ? 1.001 : 0.501 + (i is 1 or 99 ? 0.5 : 0)));
        }
    }

    [Fact]
    public void Covering_NegativeValuesAlone_PutsZeroAtTheTop() => Assert.Equal(255, AffineScale.Covering(-5, -1).ZeroPoint);

    [Fact]
    public void Covering_PositiveValuesAlone_PutsZeroAtTheBottom() => Assert.Equal(new AffineScale(4f / 255, 0), AffineScale.Covering(3, 4));

    [Fact]
    public void Covering_ZeroAlone_KeepsZero() => Assert.Equal(new AffineScale(1, 0), AffineScale.Covering(0, 0));

    private static double RoundTrip(AffineScale scale, double value) =>
        (Math.Clamp(Math.Round(value / scale.Scale) + scale.ZeroPoint, 0, 255) - scale.ZeroPoint) * scale.Scale;
}
