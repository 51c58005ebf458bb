using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class MatrixNormTests
{
    [Fact]
    public void Score_NoScores_IsOneOverTheClasses() => Assert.Equal(1 / 3.0, new MatrixNorm().Score(Trials.Biased(0, 0, 0)), 1e-12);

    /// <summary>1 + s + s^2 / 2: 5, 1 and 1, over 7.</summary>
    [Fact]
    public void Score_ModestScores_NormalisesByThePolynomial() =>
        Assert.Equal(Math.Pow(((5 / 7.0 * 5 / 7 * 5 / 7 * 5 / 7) + (2 / 2401.0)) / 3, .25), new MatrixNorm().Score(Trials.Biased(2, 0, 0)), 1e-12);

    [Fact]
    public void Score_SurePredictions_NormalisesBySoftmax() => Assert.Equal(Math.Pow(1 / 3.0, .25), new MatrixNorm().Score(Trials.Biased(100, 0, 0)), 1e-12);

    [Fact]
    public void Score_NoLinearClassifier_IsRefused() => Assert.Contains("reads the scores of a linear classifier",
        Assert.Throws<TransferException>(() => new MatrixNorm().Score(Trials.Constant(1, 0, 0))).Message, StringComparison.Ordinal);
}
