using MLNetTransfer.Heads.Transferability;

namespace MLNetTransfer.Tests.Heads.Transferability;

public sealed class SymmetricSpectrumTests
{
    [Fact]
    public void Decompose_SecondDifferences_HasTheirEigenvalues()
    {
        // 2 on the diagonal and -1 beside it: 2 - 2 cos(pi k / (n + 1)), with eigenvectors sin(pi k i / (n + 1)).
        const int Order = 40;
        var matrix = new double[Order * Order];
        for (var i = 0; i < Order; i++)
            (matrix[i * Order + i], matrix[i * Order + Math.Max(0, i - 1)]) = (2, i == 0 ? 2 : -1);
        var vector = new double[Order];
        vector[6] = 1;
        var pairs = SymmetricSpectrum.Decompose(matrix, Order, vector).Zip(vector).OrderBy(pair => pair.First).ToArray();
        for (var k = 1; k <= Order; k++)
        {
            Assert.Equal(2 - 2 * Math.Cos(Math.PI * k / (Order + 1)), pairs[k - 1].First, 1e-12);
            Assert.Equal(2d / (Order + 1) * Math.Pow(Math.Sin(Math.PI * k * 7 / (Order + 1)), 2), pairs[k - 1].Second * pairs[k - 1].Second, 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(57)]
    public void Decompose_AnyMatrix_KeepsEveryPowerSeenByTheVectors(int order)
    {
        // y' A^p x is the same in the eigenvectors: sum over i of y_i eigenvalue_i^p x_i.
        var random = RandomStream.Derive(3, "spectrum");
        var matrix = new double[order * order];
        for (var i = 0; i < order; i++)
            for (var j = 0; j <= i; j++)
                matrix[i * order + j] = matrix[j * order + i] = random.NextSingle(-1, 1);
        double[] vectors = [.. Enumerable.Range(0, 2 * order).Select(_ => (double)random.NextSingle(-1, 1))];
        var (x, y) = (vectors[..order], vectors[order..]);
        var expected = new double[4];
        for (var (power, moved) = (0, x); power < 4; power++)
        {
            expected[power] = moved.Zip(y, (a, b) => a * b).Sum();
            moved = [.. Enumerable.Range(0, order).Select(i => Enumerable.Range(0, order).Sum(j => matrix[i * order + j] * moved[j]))];
        }

        var eigenvalues = SymmetricSpectrum.Decompose(matrix, order, vectors);
        for (var power = 0; power < 4; power++)
            Assert.Equal(expected[power], eigenvalues.Select((value, i) => Math.Pow(value, power) * vectors[i] * vectors[order + i]).Sum(), 1e-9 * Math.Pow(order, power));
    }

    [Fact]
    public void Decompose_ManyZeroEigenvalues_Ends()
    {
        // All ones: one eigenvalue of the order, the others 0.
        const int Order = 300;
        double[] matrix = [.. Enumerable.Repeat(1d, Order * Order)];
        var eigenvalues = SymmetricSpectrum.Decompose(matrix, Order, []).Order().ToArray();
        Assert.Equal(Order, eigenvalues[^1], 1e-9);
        Assert.All(eigenvalues[..^1], value => Assert.Equal(0, value, 1e-9));
    }
}
