using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class RidgeFoldsTests
{
    private const int Rows = 14;
    private const int Columns = 3;

    // The oracle solves the weighted normal equations of each fold without the identity: (X' W X + lambda I) b = X' W y, an intercept among the columns.
    [Fact]
    public void Predict_UnequalWeightsAndFixedRows_AreThoseOfEachFoldFittedAnew()
    {
        var random = new RandomStream(3);
        var features = Problems.Normal(Rows, Columns, random);
        var x = Enumerable.Range(0, Rows).Select(i => (double[])[1, .. features.Row(i).ToArray().Select(value => (double)value)]).ToArray();
        double[] y = [.. Enumerable.Range(0, Rows).Select(_ => random.NextNormal())];
        double[] weights = [.. Enumerable.Range(0, Rows).Select(i => 1 + (i % 3))];
        int[] folds = [.. Enumerable.Range(0, Rows).Select(i => (i % 4) - 1)];
        const double Lambda = .7;
        var kernel = new double[Rows * Rows];
        for (var i = 0; i < Rows; i++)
            for (var j = 0; j < Rows; j++)
                kernel[(i * Rows) + j] = x[i].Zip(x[j], (a, b) => a * b).Sum();
        var predictions = new double[Rows];

        new RidgeFolds(kernel, [.. weights.Select(weight => Lambda / weight)], folds).Predict(y, predictions);

        for (var row = 0; row < Rows; row++)
            if (folds[row] < 0)
                Assert.Equal(0, predictions[row]);
            else
                Assert.Equal(Fitted(x, y, weights, [.. Enumerable.Range(0, Rows).Where(i => folds[i] != folds[row])], Lambda).Zip(x[row], (b, value) => b * value).Sum(), predictions[row], 1e-9);
    }

    private static double[] Fitted(double[][] x, double[] y, double[] weights, int[] rows, double lambda)
    {
        const int Count = Columns + 1;
        var normal = new double[Count * Count];
        for (var i = 0; i < Count; i++)
            for (var j = 0; j < Count; j++)
                normal[(i * Count) + j] = rows.Sum(row => weights[row] * x[row][i] * x[row][j]) + (i == j ? lambda : 0);
        var inverse = PositiveDefinite.Invert(normal, Count);
        double[] right = [.. Enumerable.Range(0, Count).Select(i => rows.Sum(row => weights[row] * x[row][i] * y[row]))];
        return [.. Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, Count).Sum(j => inverse[(i * Count) + j] * right[j]))];
    }
}
