using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class EffectSizesTests
{
    // Computed by hand from the definition, and with numpy: d = 1.0692676621563626.
    [Fact]
    public void Of_OneFeature_IsCohensD()
    {
        var effects = EffectSizes.Of(Gram.Of(new FeatureMatrix(5, 1, [1, 2, 3, 4, 5]), new FeatureMatrix(4, 1, [3, 5, 4, 7])), 5, new RandomStream(1));

        Assert.Equal(1.0692676621563626, effects.Largest, 1e-9);
        Assert.Equal((1, 1), (effects.Features, effects.Strong));
    }

    [Fact]
    public void Of_OneShiftedFeatureOfMany_CountsIt()
    {
        var random = new RandomStream(2);

        var effects = EffectSizes.Of(Gram.Of(Problems.Normal(300, 50, random), Problems.Normal(300, 50, random, shift: 1)), 300, random);

        Assert.Equal((50, 1), (effects.Features, effects.Strong));
        Assert.InRange(effects.StrongByChance, 0, .2);
    }

    [Fact]
    public void Of_AFeatureConstantWithinEachDomain_IsFinite() =>
        Assert.True(double.IsFinite(EffectSizes.Of(Gram.Of(new FeatureMatrix(3, 1, [1, 1, 1]), new FeatureMatrix(3, 1, [2, 2, 2])), 3, new RandomStream(1)).Largest));
}
