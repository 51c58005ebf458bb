using MLNetTransfer.Heads;

namespace MLNetTransfer.Tests.Heads;

public sealed class HeadSelectionTests
{
    // scikit-learn 1.2.1: StandardScaler, then LogisticRegression(C=1/L2, solver='newton-cg', tol=1e-12), here with L2 = 0.5.
    private static readonly double[] Plain = [.589358, .080443, .047939, .484639, .082333, .012689, .831682, .388055, .019603, .599508, .390806, .472944];
    private static readonly double[] Balanced = [.719915, .126766, .076687, .635144, .115114, .018138, .898127, .511561, .03028, .729558, .520707, .63526];
    private static readonly double[] Multinomial =
    [
        .811472, .12234, .066188, .110393, .612432, .277175, .033382, .043383, .923235, .674734, .07536, .249905,
        .07562, .774913, .149467, .011384, .416645, .571971, .866056, .126088, .007856, .262487, .724538, .012975,
        .003318, .003101, .993581, .618634, .368875, .012491, .259024, .729504, .011472, .273495, .002821, .723684,
    ];

    [Theory]
    [InlineData(ClassWeighting.None)]
    [InlineData(ClassWeighting.Balanced)]
    public void Fit_TwoClasses_AgreesWithScikitLearn(ClassWeighting weighting)
    {
        int[] labels = [.. Sample.TwelveLabels.Select(label => label == 0 ? 1 : 0)];
        Assert.All(Fit(labels, 2, weighting).Zip(weighting == ClassWeighting.None ? Plain : Balanced, (row, expected) => row[1] - expected),
            difference => Assert.InRange(difference, -2e-4, 2e-4));
    }

    [Fact]
    public void Fit_ThreeClasses_AgreesWithScikitLearn() =>
        Assert.All(Fit(Sample.TwelveLabels, 3, ClassWeighting.None).SelectMany(row => row).Zip(Multinomial, (actual, expected) => actual - expected),
            difference => Assert.InRange(difference, -2e-4, 2e-4));

    [Theory]
    [InlineData(2, 1f)]
    [InlineData(2, 64f)]
    [InlineData(2, 4096f)]
    [InlineData(4, 16f)]
    public void Fit_SameRows_ReachesTheOptimumOfTheTrainerOfMLNet(int classes, float l2)
    {
        var (features, labels) = Sample.Overlapping(120, 200, classes, shift: .6, seed: 3);
        var rows = Sample.Singles(120);
        var weights = Enumerable.Range(0, classes).Select(k => 1 + .5 * k).ToArray();
        var stock = StockHead.Probabilities(features, labels, weights, l2);

        var design = Design.Folded(new FeatureView(features), rows);
        var model = HeadSelection.Fit(design, labels, rows, weights, l2, new double[LinearModel.OutputsFor(classes) * 201]);

        foreach (var row in rows)
        {
            var actual = Probabilities(model, row, classes);
            for (var k = 0; k < classes; k++)
                Assert.InRange(actual[k] - stock[row * classes + k], -1e-3, 1e-3);
        }
    }

    [Fact]
    public void Choose_NoisyFeatures_TakesStrongerRegularisationThanForCleanOnes()
    {
        Assert.True(Chosen(shift: .1) > Chosen(shift: 6));

        static float Chosen(double shift)
        {
            var (features, labels) = Sample.Overlapping(60, 40, 2, shift, seed: 5);
            var rows = Sample.Singles(60);
            return HeadSelection.Choose(Design.Of(new FeatureView(features), rows), labels, rows, rows, [1, 1], new HeadOptions(), threads: 1, CancellationToken.None).L2;
        }
    }

    private static IEnumerable<double[]> Fit(int[] labels, int classes, ClassWeighting weighting)
    {
        var rows = Sample.Singles(12);
        var design = Design.Of(new FeatureView(Sample.Twelve), rows);
        var weights = NestedValidation.ClassWeights(labels, rows, classes, weighting);
        var model = HeadSelection.Fit(design, labels, rows, weights, .5f, new double[LinearModel.OutputsFor(classes) * 5]);
        return rows.Select(row => Probabilities(model, row, classes));
    }

    private static double[] Probabilities(LinearModel model, int row, int classes)
    {
        double[] scores = new double[model.Outputs], probabilities = new double[classes];
        model.Scores(row, scores);
        LinearModel.Probabilities(scores, probabilities);
        return probabilities;
    }
}
