using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class GeodesicFlowTests
{
    /// <summary>The kernel is integrated along the exponential map of the Grassmann manifold there, with 60 nodes of Gauss and Legendre.</summary>
    [Fact]
    public void Adapt_Waves_IsTheIntegralOverTheGeodesic() => Waves.AssertEqual(
        [0.968471226, 0.427830916, 8.2822634, 1.49341173, 0.84619942, 2.82252346, 6.27421918, 3.49377324, 0.391257568],
        Waves.Distances(new GeodesicFlow { Dimensions = 2 }));

    [Fact]
    public void KernelRoot_SameSubspace_IsItsProjection()
    {
        var axes = Waves.SourceRows.RightSingular().V.FirstColumns(2);

        var root = GeodesicFlow.KernelRoot(axes, axes);

        Waves.AssertEqual([.. axes.TimesTransposed(axes).Values], [.. root.TimesTransposed(root).Values], 1e-6);
    }
}
