using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Adaptation.Scorers;
using MLNetTransfer.Torch.Tests.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation;

[Collection(TorchCollection.Name)]
public sealed class AdaptationSelectorTests
{
    private static readonly AdaptationMethod[] Methods = [new SourceOnly(), new Coral(), new MeansAligned()];

    public static TheoryData<string> Names => [.. ScorerCatalog.Scorers.Select(scorer => scorer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Choose_EveryScorer_TakesTheHighestScoreTwiceTheSame(string name)
    {
        var problem = Problems.Turned(new SourceOnly());

        var choice = AdaptationSelector.Choose(problem, ScorerCatalog.Find(name), methods: Methods);

        Assert.Equal(6, choice.Candidates.Count);
        Assert.All(choice.Candidates, candidate => Assert.Null(candidate.Refusal));
        Assert.Equal(choice.Candidates.Max(candidate => candidate.Score), choice.Best.Score);
        Assert.Equal(choice.Candidates.Select(candidate => candidate.Score),
            AdaptationSelector.Choose(problem, ScorerCatalog.Find(name), methods: Methods).Candidates.Select(candidate => candidate.Score));
    }

    /// <summary>The oracle is no scorer: only the evaluation knows it.</summary>
    [Fact]
    public void Evaluate_HeldOutLabels_ShowsTheOracleBesideTheChoice()
    {
        var target = Problems.Domain(300, 6, "target", angle: Math.PI / 4, shift: 2);
        var problem = Problems.Of(new SourceOnly(), Problems.Domain(120, 6, "source"), target);
        var choice = AdaptationSelector.Choose(problem, new PredictionEntropy(), methods: Methods);

        var comparison = choice.Evaluate(target);

        Assert.Equal(Problems.Accuracy(choice.Best.Model!, target), comparison.ChosenAccuracy, 1e-12);
        Assert.Equal(comparison.Accuracies.Values.Max(), comparison.OracleAccuracy);
        Assert.DoesNotContain(ScorerCatalog.Scorers, scorer => scorer.Name == "oracle");
        Assert.DoesNotContain(AdaptationCatalog.Methods, method => method.Name == "oracle");
    }

    [Fact]
    public void Choose_CandidateThatIsRefused_KeepsTheReason()
    {
        var choice = AdaptationSelector.Choose(Waves.Problem(), new PredictionEntropy(), methods: [new HeadTransfer(), new SourceOnly()]);

        Assert.Equal("none", choice.Best.Method.Name);
        Assert.Contains("received none", choice.Candidates[0].Refusal, StringComparison.Ordinal);
        Assert.Null(choice.Candidates[0].Score);
    }

    [Fact]
    public void Choose_NothingApplies_SaysWhy() => Assert.Contains("received none", Assert.Throws<TransferException>(() =>
        AdaptationSelector.Choose(Waves.Problem(), new PredictionEntropy(), methods: [new HeadTransfer()])).Message, StringComparison.Ordinal);

    /// <summary>Domains that do not overlap: weights of 0 say nothing, and scores of 0 must choose nothing.</summary>
    [Theory]
    [InlineData("iwv")]
    [InlineData("dev")]
    public void Choose_ScorerThatDoesNotApply_TakesNoneAndSaysWhy(string name)
    {
        var problem = Problems.Of(new SourceOnly(), Problems.Domain(120, 6, "source"), Problems.Domain(90, 6, "target", shift: 60));

        var choice = AdaptationSelector.Choose(problem, ScorerCatalog.Find(name), methods: [new Coral(), new SourceOnly()]);

        Assert.Equal("none", choice.Best.Method.Name);
        Assert.Contains("hardly overlap", choice.Fallback, StringComparison.Ordinal);
        Assert.All(choice.Candidates, candidate => Assert.Null(candidate.Score));
        Assert.All(choice.Candidates, candidate => Assert.NotNull(candidate.Model));
        Assert.Equal("coral", AdaptationSelector.Choose(problem, ScorerCatalog.Find(name), methods: [new Coral()]).Best.Method.Name);
    }

    [Fact]
    public void Find_UnknownScorer_ListsThem() => Assert.Contains("circular, dev, ensemble, entropy, iwv, mano, snd",
        Assert.Throws<TransferException>(() => ScorerCatalog.Find("oracle")).Message, StringComparison.Ordinal);

    [Fact]
    public void ToString_OfAMethod_NamesItsHyperParameters()
    {
        Assert.Equal("none", new SourceOnly().ToString());
        Assert.Equal("sinkhorn (GroupWeight = 0, Iterations = 10, Regularisation = 0.2)", new SinkhornTransport { GroupWeight = 0, Regularisation = .2 }.ToString());
    }

    /// <summary>Nothing that a scorer sees has a place for held-out labels.</summary>
    [Fact]
    public void Trial_OfAScorer_HasNoPlaceForTargetLabels() => Assert.Equal(
        [typeof(AdaptationMethod), typeof(AdaptationProblem), typeof(AdaptationSettings), typeof(AdaptedModel), typeof(FeatureMatrix)],
        typeof(AdaptationTrial).GetProperties().Select(property => property.PropertyType).OrderBy(type => type.Name));
}
