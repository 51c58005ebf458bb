using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones;

public sealed class FeatureWarningsTests
{
    private const int Rows = 20, Columns = 50;

    [Fact]
    public void Of_OrdinaryFeatures_IsSilent() => Assert.Empty(Of((_, _, noise) => noise));

    [Fact]
    public void Of_FewImages_IsSilent() => Assert.Empty(FeatureWarnings.Of(new FeatureMatrix(4, 2, new float[8])));

    [Fact]
    public void Of_EqualRows_SaysSo() => Assert.Contains("All 20 images have the same 50 features", Assert.Single(Of((_, column, _) => column)));

    [Fact]
    public void Of_MostColumnsConstant_CountsThem() =>
        Assert.Contains("46 of 50 features are the same for all 20 images", Assert.Single(Of((_, column, noise) => column < 46 ? 3 : noise)));

    [Fact]
    public void Of_NineTenthsConstant_IsSilent() => Assert.Empty(Of((_, column, noise) => column < 45 ? column / 50f : noise));

    [Fact]
    public void Of_SaturatedFeatures_SaysWhere() =>
        Assert.Contains("are 0 or 6 exactly: the network is saturated", Assert.Single(Of((row, column, noise) => (row + column) % 20 == 0 ? Math.Abs(noise) : (row + column) % 2 == 0 ? 0 : 6)));

    [Fact]
    public void Of_HugeFeatures_SaysHowHuge() =>
        Assert.Contains("Features reach 30000", Assert.Single(Of((row, column, noise) => row == 3 && column == 4 ? -30_000 : noise)));

    [Fact]
    public void Of_RealPhotosInTheEmbeddedBackbone_IsSilent()
    {
        var photos = ImageFiles.Find([Repository.SharedOrSkip("data", "photos")]);
        using var extractor = new BottleneckExtractor(Backbone.Embedded.CutAt(Backbone.Embedded.DefaultCut));
        var features = extractor.Extract([.. photos]).Features;
        Assert.Equal(5, features.Rows);
        Assert.Empty(FeatureWarnings.Of(features));
    }

    private static IReadOnlyList<string> Of(Func<int, int, float, float> value)
    {
        var noise = OnnxModels.RandomFloats(Rows * Columns, 1);
        return FeatureWarnings.Of(new FeatureMatrix(Rows, Columns, [.. Enumerable.Range(0, Rows * Columns).Select(i => value(i / Columns, i % Columns, noise[i]))]));
    }
}
