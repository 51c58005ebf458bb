using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Adaptation.Scorers;
using MLNetTransfer.Torch.Tests.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class EnsembleAgreementTests
{
    [Fact]
    public void Score_Alone_IsOne() => Assert.Equal(1, new EnsembleAgreement().Score(Trials.Constant(.2f, .7f, .1f)));

    /// <summary>Means of (.9, .1, 0), (.2, .8, 0) and (.2, .8, 0): (.433, .567, 0).</summary>
    [Fact]
    public void Score_AgainstTheMean_IsTheShareOfImagesThatAgree()
    {
        var (sure, first, second) = (Trials.Constant(.9f, .1f, 0), Trials.Constant(.2f, .8f, 0), Trials.Constant(.2f, .8f, 0));

        Assert.Equal(0, new EnsembleAgreement().Score(sure, [sure, first, second]));
        Assert.Equal(1, new EnsembleAgreement().Score(first, [sure, first, second]));
    }

    /// <summary>The mean is of probabilities, not of votes: (.9, .1, 0) outweighs (.4, .6, 0) twice: (.567, .433, 0).</summary>
    [Fact]
    public void Score_SureModel_OutweighsTwoThatAreNot()
    {
        var (sure, first, second) = (Trials.Constant(.9f, .1f, 0), Trials.Constant(.4f, .6f, 0), Trials.Constant(.4f, .6f, 0));

        Assert.Equal(1, new EnsembleAgreement().Score(sure, [sure, first, second]));
        Assert.Equal(0, new EnsembleAgreement().Score(first, [sure, first, second]));
    }

    /// <summary>On a problem whose truth is known the worst is not taken: a fault of one model is not shared by the others.</summary>
    [Fact]
    public void Choose_TurnedTarget_IsNearTheBest()
    {
        var target = Problems.Domain(300, 6, "target", angle: Math.PI / 4, shift: 2);
        var choice = Torch.Adaptation.AdaptationSelector.Choose(
            Problems.Of(new SourceOnly(), Problems.Domain(120, 6, "source"), target), new EnsembleAgreement(), methods: [new SourceOnly(), new Coral(), new MeansAligned(), new SubspaceAlignment()]);

        var comparison = choice.Evaluate(target);

        Assert.True(comparison.ChosenAccuracy > comparison.Accuracies[choice.Candidates[0]], "Better than the source's classifier.");
        Assert.True(comparison.ChosenAccuracy >= comparison.OracleAccuracy - .1, $"{comparison.ChosenAccuracy:0.000} of {comparison.OracleAccuracy:0.000}");
    }
}
