using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class SinkhornTransportTests
{
    [Fact]
    public void Adapt_WavesWithoutGroups_IsThatOfNumpyWithLogarithms() => Waves.AssertEqual(
        [4.20396966, 2.03122646, 7.91898037, 3.28921578, 3.27815415, 6.92453623, 7.69200384, 4.39543235, 4.7246496],
        Waves.Distances(new SinkhornTransport { Regularisation = .3, GroupWeight = 0 }), 1e-3);

    [Fact]
    public void Adapt_WavesWithGroups_IsThatOfNumpyWithLogarithms() => Waves.AssertEqual(
        [3.42257104, 2.39068857, 8.35582503, 6.57939457, 3.57953709, 8.0605774, 8.53039025, 6.49142722, 4.03435121],
        Waves.Distances(new SinkhornTransport { Regularisation = .3, GroupWeight = .5, Iterations = 4 }), 1e-3);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(1, .1)]
    public void Plan_Waves_HasUniformMarginals(double groups, double regularisation)
    {
        var plan = new SinkhornTransport { GroupWeight = groups, Regularisation = regularisation }
            .Plan(Torch.Adaptation.Mathematics.Distances.Squared(Waves.SourceRows, Waves.TargetRows), Waves.Source.Labels);

        Assert.All(Enumerable.Range(0, 24), row => Assert.Equal(1 / 24.0, plan.Row(row).ToArray().Sum(), 1e-12));
        Assert.All(plan.ColumnMeans(), mean => Assert.Equal(1 / 20.0, mean * 24, 1e-5));
    }

    [Fact]
    public void Plan_RegularisationTooSmall_IsRefused() => Assert.Contains("Raise the regularisation", Assert.Throws<TransferException>(() =>
        Waves.Distances(new SinkhornTransport { Regularisation = 1e-5 })).Message, StringComparison.Ordinal);
}
