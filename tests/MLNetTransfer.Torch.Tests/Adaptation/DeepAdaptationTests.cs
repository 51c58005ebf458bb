using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation;

[Collection(TorchCollection.Name)]
public sealed class DeepAdaptationTests
{
    /// <summary>Without a loss between the domains the network learns the source alone, and the target's rows cannot matter.</summary>
    [Fact]
    public void Adapt_TradeOffOfNothing_IsANetworkOfTheSourceAlone()
    {
        var (source, first, second) = (Problems.Domain(60, 6, "source"), Problems.Domain(48, 6, "target"), Problems.Domain(48, 6, "other", shift: 9));
        float[] Probabilities(MLNetTransfer.Domains.LabeledFeatures target) =>
            new DeepCoral { TradeOff = 0, Steps = 40 }.Adapt(Problems.Of(new DeepCoral(), source, target)).Probabilities(source.Features).Row(5).ToArray();

        Assert.Equal(Probabilities(first), Probabilities(second));
        var model = new DeepCoral { TradeOff = 0 }.Adapt(Problems.Of(new DeepCoral(), source, first));
        Assert.True(Problems.Accuracy(model, source) > .97);
        Assert.True(Problems.Accuracy(model, first) > .9);
    }

    [Fact]
    public void Adapt_OtherSeed_OtherWeights()
    {
        var problem = Problems.Turned(new DomainAdversarial());
        float[] Probabilities(int seed) => new DomainAdversarial { Steps = 20 }.Adapt(problem, new AdaptationSettings { Seed = seed }).Probabilities(problem.Target.Features).Row(0).ToArray();

        Assert.NotEqual(Probabilities(1), Probabilities(2));
    }

    [Fact]
    public void Adapt_TrainingThatDiverges_IsRefusedWithTheNextStep()
    {
        var problem = Problems.Turned(new MinimumClassConfusion());
        string Refusal(DeepAdaptation method) => Assert.Throws<TransferException>(() => method.Adapt(problem)).Message;

        Assert.Contains("Lower its LearningRate (received 1000)", Refusal(new MinimumClassConfusion { LearningRate = 1000 }), StringComparison.Ordinal);
        Assert.Contains("TradeOff (received 1E+200)", Refusal(new DeepCoral { TradeOff = 1e200 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Adapt_CancelledInTraining_Stops()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.Throws<OperationCanceledException>(() => new DeepCoral { Steps = int.MaxValue }.Adapt(Problems.Turned(new DeepCoral()), null, cancelled.Token));
    }

    [Fact]
    public void Candidates_OfADeepMethod_DifferInTheTradeOff()
    {
        var method = new MinimumClassConfusion { TradeOff = 2, Temperature = 3, Units = 20 };

        Assert.Equal([2, .6, 6], method.Candidates.Select(candidate => Math.Round(((DeepAdaptation)candidate).TradeOff, 12)));
        Assert.All(method.Candidates, candidate => Assert.Equal((3, 20), (((MinimumClassConfusion)candidate).Temperature, ((MinimumClassConfusion)candidate).Units)));
        Assert.Single(new DeepCoral { TradeOff = 0 }.Candidates);
    }
}
