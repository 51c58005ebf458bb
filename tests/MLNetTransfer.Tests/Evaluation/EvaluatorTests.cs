using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Evaluate_TwoClasses_AgreesWithScikitLearn()
    {
        var result = Examples.Binary();

        Assert.Equal(200, result.Images);
        Assert.Equal(0.735, result.Accuracy, Tolerance);
        Assert.Equal(Interval.Wilson(147, 200), result.AccuracyInterval);
        Assert.Equal(0.8269053708439897, result.Auc!.Value, Tolerance);
        Assert.Equal(0.7644444444444444, result.F1, Tolerance);
        Assert.Equal(0.7818181818181819, result.Precision, Tolerance);
        Assert.Equal(0.7478260869565218, result.Recall, Tolerance);
        Assert.Equal(0.5186247239628023, result.LogLoss, Tolerance);
        Assert.Equal(0.17153312683105468, result.Brier, Tolerance);
        Assert.Equal(0.05287109375000003, result.Ece, Tolerance);
        Assert.Equal([61, 24, 29, 86], Counts(result.Confusion));
        Assert.Equal(.5, result.Threshold);
    }

    [Fact]
    public void Evaluate_AnotherThreshold_AgreesWithScikitLearn()
    {
        var result = Examples.Binary(threshold: .35);

        Assert.Equal(0.75, result.Accuracy, Tolerance);
        Assert.Equal(0.8269053708439897, result.Auc!.Value, Tolerance);
        Assert.Equal(0.8046875, result.F1, Tolerance);
        Assert.Equal(0.7304964539007093, result.Precision, Tolerance);
        Assert.Equal(0.8956521739130435, result.Recall, Tolerance);
        Assert.Equal(0.06935546875000002, result.Ece, Tolerance);
        Assert.Equal([47, 38, 12, 103], Counts(result.Confusion));
    }

    [Fact]
    public void Evaluate_ThreeClasses_AgreesWithScikitLearn()
    {
        var result = Examples.Three();

        Assert.Equal(0.69, result.Accuracy, Tolerance);
        Assert.Equal(0.7117706027225785, result.Auc!.Value, Tolerance);
        Assert.Equal(0.3436019606232372, result.F1, Tolerance);
        Assert.Equal(0.40175438596491225, result.Precision, Tolerance);
        Assert.Equal(0.3673199371537253, result.Recall, Tolerance);
        Assert.Equal(0.7488127170009434, result.LogLoss, Tolerance);
        Assert.Equal(0.4364190673828125, result.Brier, Tolerance);
        Assert.Equal(0.10431640625, result.Ece, Tolerance);
        Assert.Equal([4, 0, 25, 1, 0, 31, 3, 2, 134], Counts(result.Confusion));
        Assert.Null(result.Positive);
        Assert.Null(result.Threshold);
        Assert.Empty(result.RocCurve);
    }

    [Fact]
    public void Evaluate_RocCurve_AgreesWithScikitLearnAndItsAreaIsTheAuc()
    {
        var result = Examples.Binary();
        var curve = result.RocCurve;

        Assert.Equal(89, curve.Count);
        Assert.Equal(31.058823529411764, curve.Sum(point => point.FalsePositiveRate), Tolerance);
        Assert.Equal(61.37391304347826, curve.Sum(point => point.TruePositiveRate), Tolerance);
        var area = curve.Zip(curve.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(result.Auc!.Value, area, 1e-12);
    }

    // By hand: two positives (.9, .5), three negatives (.5, .4, .1). Of 6 pairs 5 are in order and 1 is tied: AUC 5.5 / 6. At .5 the
    // negative at .5 is called positive: TP 2, FP 1, TN 2. Brier (.01 + .25 + .25 + .16 + .01) / 5.
    [Fact]
    public void Evaluate_WorkedExample_CountsTiesHalfAndTheThresholdItselfAsPositive()
    {
        var result = Examples.Binary([1, 1, 0, 0, 0], [.9f, .5f, .5f, .4f, .1f]);

        Assert.Equal(5.5 / 6, result.Auc!.Value, 1e-15);
        Assert.Equal([2, 1, 0, 2], Counts(result.Confusion));
        Assert.Equal((.8, 2 / 3.0, 1, .8), (result.Accuracy, result.Precision, result.Recall, result.F1));
        Assert.Equal(.68 / 5, result.Brier, 1e-7);
        Assert.Equal([new(0, 0), new(0, .5), new(1 / 3.0, 1), new(1, 1)], result.RocCurve);
    }

    // By hand: confidences .9, .9 (one right) and .59 (right): |.5 - .9| x 2/3 + |1 - .59| x 1/3 = 1.21 / 3.
    [Fact]
    public void Evaluate_WorkedExample_CalibrationIsOfThePredictedClass()
    {
        var result = Examples.Binary([1, 1, 0], [.9f, .1f, .41f]);

        Assert.Equal(1.21 / 3, result.Ece, 1e-7);
        Assert.Collection(result.ReliabilityBins,
            bin => Assert.Equal((8 / 15.0, 9 / 15.0, 1, 1, 1.0), (bin.Low, bin.High, bin.Images, bin.Correct, bin.Accuracy)),
            bin => Assert.Equal((13 / 15.0, 14 / 15.0, 2, 1, .5), (bin.Low, bin.High, bin.Images, bin.Correct, bin.Accuracy)));
    }

    [Fact]
    public void Evaluate_CertainAndWrong_ClipsTheLoss()
    {
        var result = Examples.Binary([1, 0], [0, 0]);

        Assert.Equal(-Math.Log(1e-15) / 2, result.LogLoss, 1e-12);
        Assert.Equal((0, 0, 0), (result.Precision, result.Recall, result.F1));
    }

    [Fact]
    public void Evaluate_OneClassOccurs_AucIsUndefined()
    {
        var result = Examples.Binary([1, 1], [.9f, .2f]);

        Assert.Null(result.Auc);
        Assert.Empty(result.RocCurve);
        Assert.Equal((1, .5), (result.Precision, result.Recall));
    }

    // The third class neither occurs nor is predicted: as in scikit-learn, it does not pull the means down.
    [Fact]
    public void Evaluate_ClassThatNeverOccurs_IsLeftOutOfTheMeans()
    {
        var result = Evaluator.Evaluate(["a", "b", "c"], null, [0, 1], new(2, 3, [.8f, .1f, .1f, .1f, .8f, .1f]));

        Assert.Equal((1, 1, 1, 1), (result.Auc, result.Precision, result.Recall, result.F1));
    }

    [Fact]
    public void Evaluate_PositiveIsTheFirstClass_MirrorsTheSecond()
    {
        var first = Evaluator.Evaluate(["yes", "no"], "yes", [0, 0, 1], new(3, 2, [.9f, .1f, .4f, .6f, .3f, .7f]));
        var second = Examples.Binary([1, 1, 0], [.9f, .4f, .3f]);

        Assert.Equal((second.Auc, second.F1, second.Precision, second.Recall), (first.Auc, first.F1, first.Precision, first.Recall));
        Assert.Equal(second.Brier, first.Brier, 1e-7);
    }

    [Theory]
    [InlineData(float.NaN, .5f, "received NaN for image 0")]
    [InlineData(-.1f, 1.1f, "received -0.1 for image 0")]
    [InlineData(.5f, .502f, "received a sum of 1.002 for image 0")]
    public void Evaluate_NoDistribution_Throws(float negative, float positive, string message)
    {
        var error = Assert.Throws<TransferException>(() => Evaluator.Evaluate(["no", "yes"], "yes", [0], new(1, 2, [negative, positive])));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_SumWithinTolerance_IsAccepted() =>
        Assert.Equal(1, Evaluator.Evaluate(["no", "yes"], "yes", [1], new(1, 2, [.4f, .6009f])).Accuracy);

    [Fact]
    public void Evaluate_NoImages_Throws() =>
        Assert.Throws<TransferException>(() => Evaluator.Evaluate(["no", "yes"], "yes", [], new(0, 2, [])));

    [Theory]
    [InlineData(null)]
    [InlineData("maybe")]
    public void Evaluate_TwoClassesWithoutPositive_Throws(string? positive)
    {
        var error = Assert.Throws<TransferException>(() => Evaluator.Evaluate(["no", "yes"], positive, [0], new(1, 2, [.5f, .5f])));

        Assert.Contains("'no', 'yes'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ThreeClassesWithPositive_Throws() =>
        Assert.Throws<TransferException>(() => Evaluator.Evaluate(["a", "b", "c"], "a", [0], new(1, 3, [1, 0, 0])));

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Evaluate_LabelOutOfRange_Throws(int label) =>
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(["no", "yes"], "yes", [label], new(1, 2, [.5f, .5f])));

    [Fact]
    public void Evaluate_ArgumentsThatDoNotFit_Throw()
    {
        FeatureMatrix one = new(1, 2, [.5f, .5f]);

        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(["no", "yes"], "yes", [0, 1], one));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(["a", "b", "c"], null, [0], one));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(["no", "no"], "no", [0], one));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluator.Evaluate(["no", "yes"], "yes", [0], one, double.NaN));
    }

    [Fact]
    public void Decide_EqualProbabilities_TakesTheFirst() => Assert.Equal(1, Evaluator.Decide([.2f, .4f, .4f], null, .5));

    private static IEnumerable<int> Counts(ConfusionMatrix confusion) =>
        from actual in Enumerable.Range(0, confusion.Classes.Count)
        from predicted in Enumerable.Range(0, confusion.Classes.Count)
        select confusion[actual, predicted];
}
