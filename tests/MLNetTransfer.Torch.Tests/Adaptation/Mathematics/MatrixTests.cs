using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Tests.Adaptation.Mathematics;

[Collection(TorchCollection.Name)]
public sealed class MatrixTests
{
    internal static Matrix Of(FeatureMatrix features) => Matrix.From(features);

    [Fact]
    public void SymmetricEigen_LargeMatrix_SameBitsOnAnyNumberOfThreads()
    {
        var matrix = Random(500, 300).Covariance();
        try
        {
            var (values, vectors) = matrix.SymmetricEigen();
            TorchSharp.torch.set_num_threads(4);
            var (valuesAgain, vectorsAgain) = matrix.SymmetricEigen();

            Assert.Equal(values, valuesAgain);
            Assert.Equal(vectors.Values.ToArray(), vectorsAgain.Values.ToArray());
            Assert.Equal(4, TorchSharp.torch.get_num_threads());
        }
        finally
        {
            TorchCollection.UseOneThread();
        }
    }

    [Theory]
    [InlineData(30, 8)]
    [InlineData(8, 30)]
    public void RightSingular_TallOrWide_IsThatOfSvd(int rows, int columns)
    {
        var matrix = Random(rows, columns);
        var (s, v) = matrix.RightSingular();

        Waves.AssertEqual(matrix.Svd().S, s, 1e-9);
        // X V V' = X, and V'V = I.
        Waves.AssertEqual([.. matrix.Values], [.. matrix.Times(v).TimesTransposed(v).Values], 1e-7);
        Waves.AssertEqual([.. Matrix.Identity(8).Values], [.. v.TransposedTimes(v).Values], 1e-7);
    }

    [Fact]
    public void RightSingular_OfRankTwo_HasTwoVectors() => Assert.Equal(2, Random(20, 2).Times(Random(2, 9)).RightSingular().V.Columns);

    [Fact]
    public void SymmetricPowers_OfACovariance_MultiplyToIt()
    {
        var matrix = Random(40, 6).Covariance();
        var (root, inverse) = matrix.SymmetricPowers(.5, -1);

        Waves.AssertEqual([.. matrix.Values], [.. root.Times(root).Values], 1e-9);
        Waves.AssertEqual([.. Matrix.Identity(6).Values], [.. inverse.Times(matrix).Values], 1e-9);
    }

    [Fact]
    public void SymmetricPower_NegativeOfASingularMatrix_IsRefused() => Assert.Contains("Regularise more",
        Assert.Throws<TransferException>(() => Random(3, 6).Covariance().SymmetricPower(-.5)).Message, StringComparison.Ordinal);

    [Fact]
    public void Solve_SingularMatrix_IsRefused() => Assert.Contains("singular",
        Assert.Throws<TransferException>(() => new Matrix(3, 3).Solve(Random(3, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void SymmetricEigen_NotFinite_IsRefused() => Assert.Contains("received NaN",
        Assert.Throws<TransferException>(() => new Matrix(2, 2, [1, double.NaN, double.NaN, 1]).SymmetricEigen()).Message, StringComparison.Ordinal);

    [Fact]
    public void New_TooLarge_IsRefused() => Assert.Contains("received 50000 x 50000",
        Assert.Throws<TransferException>(() => new Matrix(50_000, 50_000)).Message, StringComparison.Ordinal);

    internal static Matrix Random(int rows, int columns)
    {
        var random = RandomStream.Derive(3, $"{rows} x {columns}");
        return new Matrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal())]);
    }
}
