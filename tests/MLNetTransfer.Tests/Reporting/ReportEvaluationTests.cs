using MLNetTransfer.Evaluation;
using MLNetTransfer.Reporting;

namespace MLNetTransfer.Tests.Reporting;

public sealed class ReportEvaluationTests
{
    private static readonly int[] Actual = [0, 0, 1, 1, 1];
    private static readonly FeatureMatrix Predicted = new(5, 2, [.1f, .9f, .7f, .3f, .75f, .25f, .1f, .9f, .1f, .9f]);

    [Fact]
    public void Create_WrongImages_AreOrderedByTheProbabilityOfTheWrongClass()
    {
        var result = Evaluator.Evaluate(["no", "yes"], "yes", Actual, Predicted);

        var evaluation = ReportEvaluation.Create("test", result, ["a", "b", "c", "d", "e"], Actual, Predicted);

        Assert.Equal([new("a", "no", "yes", .9f), new("c", "yes", "no", .75f)], evaluation.MostWrong);
    }

    [Fact]
    public void Create_Threshold_DecidesWhatIsWrong()
    {
        var result = Evaluator.Evaluate(["no", "yes"], "yes", Actual, Predicted, threshold: .25);

        var evaluation = ReportEvaluation.Create("test", result, ["a", "b", "c", "d", "e"], Actual, Predicted);

        Assert.Equal(["a", "b"], evaluation.MostWrong.Select(image => image.Path));
    }

    [Fact]
    public void Create_MoreWrongThanWanted_KeepsTheWorst()
    {
        var result = Evaluator.Evaluate(["no", "yes"], "yes", Actual, Predicted);

        Assert.Equal("a", Assert.Single(ReportEvaluation.Create("test", result, ["a", "b", "c", "d", "e"], Actual, Predicted, most: 1).MostWrong).Path);
    }

    [Fact]
    public void Create_ListsOfAnotherLength_Throws()
    {
        var result = Evaluator.Evaluate(["no", "yes"], "yes", Actual, Predicted);

        Assert.Throws<ArgumentException>(() => ReportEvaluation.Create("test", result, ["a"], Actual, Predicted));
    }
}
