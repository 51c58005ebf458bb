using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.AccuracyTests;

/// <summary>A residual network of 8-bit integers loses no more than half a point, on the embedded photos and on three sets of real ones.</summary>
public sealed class QuantizedTests
{
    [Theory]
    [InlineData("plaster")]
    [InlineData("asphalt")]
    public void Quantized_EmbeddedOnSurfaces_IsOffered(string domain) => AssertOffered(Repository.Path("data", "surfaces", domain, "test"));

    [Theory]
    [InlineData("concrete-cracks")]
    [InlineData("ants-bees")]
    [InlineData("flowers")]
    public void Quantized_EmbeddedOnPhotos_IsOffered(string set) => AssertOffered(Repository.SharedOrSkip("data", set));

    private static void AssertOffered(string folder)
    {
        var verdict = QuantizationTrial.Run(Backbone.Embedded, ImageSet.Read(folder), new QuantizationTrialOptions { Rounds = 1 });

        Assert.True(verdict.IsAcceptable, FormattableString.Invariant($"{folder}: {verdict.FloatAccuracy:0.000} became {verdict.QuantizedAccuracy:0.000}."));
        Assert.InRange(verdict.LeastSimilarity, 0.99, 1.001);
    }
}
