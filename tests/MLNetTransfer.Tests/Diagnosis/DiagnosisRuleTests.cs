using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

/// <summary>Constructed domains whose scenario is known, through all of the evidence.</summary>
public sealed class DiagnosisRuleTests
{
    [Fact]
    public void Levels_OfAllTests_SumToOneInTwenty() =>
        Assert.Equal(.05, DiagnosisRule.Level, 1e-12);

    [Fact]
    public void Decide_TwoSamplesOfOneDomain_IsNone()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 120, 1), Problems.Domain("target", 100, 2));

        Assert.Equal(Scenario.None, result.Scenario);
        Assert.True(result.Evidence.Marginal!.LargestADistance < DiagnosisRule.MostDistance);
        Assert.Contains("No difference shows", result.Reasons[0]);
    }

    [Fact]
    public void Decide_ManySamplesOfOneDomain_SeldomRaiseAnAlarm()
    {
        var alarms = Enumerable.Range(0, 100).Count(seed =>
            Problems.Diagnose(Problems.Domain("source", 40, seed), Problems.Domain("target", 30, seed)).Scenario is not (Scenario.None or Scenario.Unknown));

        // 11 of 100 and more happen once in 100 times where the rate is .05.
        Assert.InRange(alarms, 0, 10);
    }

    [Fact]
    public void Decide_ShiftedImages_IsDomainAdaptation()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 80, 1), Problems.Domain("target", 80, 2, shift: 2).WithLabels(null));

        Assert.Equal(Scenario.DomainAdaptation, result.Scenario);
        Assert.Contains(result.Reasons, reason => reason.Contains("cannot be seen without labels", StringComparison.Ordinal));
        Assert.InRange(result.Evidence.Marginal!.ADistance, 1, 1.8);
        Assert.False(result.Evidence.LabelShift!.AssumptionHolds);
    }

    [Fact]
    public void Decide_OtherProportions_IsDomainAdaptationExplainedByThem()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 200, 1), Problems.Domain("target", 150, 2, shareOfA: .9).WithLabels(null));

        Assert.Equal(Scenario.DomainAdaptation, result.Scenario);
        Assert.True(result.Evidence.LabelShift is { Differs: true, AssumptionHolds: true });
        Assert.InRange(.9, result.Evidence.LabelShift!.Intervals[0].Low, result.Evidence.LabelShift.Intervals[0].High);
        Assert.Contains(result.Reasons, reason => reason.Contains("proportions", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_ExchangedLabels_IsTaskTransfer()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 80, 1), Problems.Domain("target", 40, 2).WithLabels(label => label == "a" ? "b" : "a"));

        Assert.Equal(Scenario.TaskTransfer, result.Scenario);
        Assert.Contains("other answers", result.Reasons[0]);
    }

    [Fact]
    public void Decide_LabelsByLot_IsTaskTransfer()
    {
        var random = new RandomStream(3);

        var result = Problems.Diagnose(Problems.Domain("source", 80, 1), Problems.Domain("target", 60, 2).WithLabels(_ => random.NextInt32(2) == 0 ? "a" : "b"));

        Assert.Equal(Scenario.TaskTransfer, result.Scenario);
        Assert.Contains("get other labels", result.Reasons[0]);
    }

    [Theory]
    [InlineData("c", "d", "no class in common")]
    [InlineData("a", "c", "classes that the source does not know")]
    public void Decide_OtherClasses_IsTaskTransfer(string first, string second, string reason)
    {
        var result = Problems.Diagnose(Problems.Domain("source", 40, 1), Problems.Domain("target", 40, 2).WithLabels(label => label == "a" ? first : second));

        Assert.Equal(Scenario.TaskTransfer, result.Scenario);
        Assert.Contains(reason, result.Reasons[0]);
    }

    [Fact]
    public void Decide_GreyAgainstColour_IsFeatureSpace()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 40, 1), Problems.Domain("target", 40, 2).WithTraits(traits => traits with { IsGrey = true }));

        Assert.Equal(Scenario.FeatureSpace, result.Scenario);
        Assert.Contains("convert the source images to grey", result.Recommendation);
    }

    [Fact]
    public void Decide_SourceSmallerThanTheNetworkLooksAt_IsFeatureSpace()
    {
        var result = Problems.Diagnose(Problems.Domain("source", 40, 1).WithTraits(traits => traits with { Width = 16, Height = 16 }), Problems.Domain("target", 40, 2));

        Assert.Equal(Scenario.FeatureSpace, result.Scenario);
        Assert.Contains("scale the target images down to the size of the source", result.Recommendation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Decide_TooFewImages_IsUnknownWithTheReason(int images)
    {
        var result = Problems.Diagnose(Problems.Domain("source", 40, 1), Problems.Domain("target", images, 2).WithLabels(null));

        Assert.Equal(Scenario.Unknown, result.Scenario);
        Assert.Contains($"received 40 and {images}", result.Reasons[0]);
        Assert.Null(result.Evidence.Marginal);
    }

    [Fact]
    public void Decide_TenImagesOfEach_CannotRuleADifferenceOut() =>
        Assert.Equal(Scenario.Unknown, Problems.Diagnose(Problems.Domain("source", 10, 1), Problems.Domain("target", 10, 2).WithLabels(null)).Scenario);

    [Fact]
    public void Decide_MoreFeaturesThanImages_StillTellsAShift() =>
        Assert.Equal(Scenario.DomainAdaptation,
            Problems.Diagnose(Problems.Domain("source", 30, 1, features: 300), Problems.Domain("target", 30, 2, shift: 30, features: 300).WithLabels(null)).Scenario);
}
