using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Tests.Adaptation;

[Collection(TorchCollection.Name)]
public sealed class LogisticTrainerTests
{
    /// <summary>A weight of 2 is a row given twice.</summary>
    [Fact]
    public void Fit_Weights_AreRepetitions()
    {
        double[] weights = [.. Enumerable.Range(0, 24).Select(row => (double)(row % 4))];
        int[] repeated = [.. Enumerable.Range(0, 24).SelectMany(row => Enumerable.Repeat(row, row % 4))];

        var expected = LogisticTrainer.Fit(Waves.Source.Select(repeated), null, .01, null);

        Waves.AssertEqual([.. expected.Weights.Values], [.. LogisticTrainer.Fit(Waves.Source, weights, .01, null).Weights.Values], 1e-2);
    }

    [Fact]
    public void Train_OneClassOfPositiveWeight_IsRefused()
    {
        double[] weights = [.. Enumerable.Range(0, 24).Select(row => row % 3 == 0 ? 1d : 0)];

        Assert.Contains("received 1 among those of positive weight",
            Assert.Throws<TransferException>(() => new LogisticTrainer().Train(Waves.Source, weights, 1, default)).Message, StringComparison.Ordinal);
        Assert.Contains("received 0 among those of positive weight",
            Assert.Throws<TransferException>(() => new LogisticTrainer().Train(Waves.Source, new double[24], 1, default)).Message, StringComparison.Ordinal);
    }
}
