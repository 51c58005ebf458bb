using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class TransferComponentsTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfScipyOnTheKernelMatrix() => Waves.AssertEqual(
        [85.8645278, 52.5633216, 404.467268, 76.8238786, 77.0108951, 158.286309, 279.727859, 125.101098, 76.4662514],
        Waves.Distances(new TransferComponents { Dimensions = 3 }));

    [Fact]
    public void Adapt_MovedTarget_BringsTheMeansTogether()
    {
        var (training, target, _) = Waves.Adapted(new TransferComponents { Dimensions = 3, Regularisation = 1e-3 });

        var (a, b) = (Mathematics.MatrixTests.Of(training.Features), Mathematics.MatrixTests.Of(target));
        double[] deviation = [.. Enumerable.Range(0, 3).Select(j => Math.Sqrt(a.Above(b).Covariance()[j, j]))];
        for (var j = 0; j < 3; j++)
            Assert.Equal(a.ColumnMeans()[j], b.ColumnMeans()[j], .01 * deviation[j]);
    }
}
