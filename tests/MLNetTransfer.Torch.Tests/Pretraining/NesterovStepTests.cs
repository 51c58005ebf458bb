using MLNetTransfer.Torch.Pretraining;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class NesterovStepTests
{
    /// <summary>Oracle: the step of TorchSharp's own optimizer, on a twin.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void Apply_SeveralSteps_SameBitsAsTorchSharp(double decay)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(9);
        Parameter[] ours = [new(randn(5, 7)), new(randn(7)), new(randn(3))];
        Parameter[] theirs = [.. ours.Select(parameter => new Parameter(parameter.detach().clone()))];
        using var optimizer = Optimizer(ours, decay);
        using var oracle = Optimizer(theirs, decay);
        for (var step = 0; step < 5; step++)
        {
            foreach (var group in optimizer.ParamGroups.Concat(oracle.ParamGroups))
                group.LearningRate = 0.3 / (step + 1);
            var input = randn(4, 5);
            foreach (var (parameters, sgd) in new[] { (ours, optimizer), (theirs, oracle) })
            {
                // The third parameter has no gradient and stays as it is.
                sgd.zero_grad();
                (input.matmul(parameters[0]) + parameters[1]).tanh().sum().backward();
            }

            NesterovStep.Apply(optimizer);
            oracle.step();
            Assert.All(ours.Zip(theirs), pair => Assert.Equal(pair.Second.data<float>().ToArray(), pair.First.data<float>().ToArray()));
        }
    }

    private static SGD Optimizer(Parameter[] parameters, double decay) =>
        optim.SGD([new SGD.ParamGroup(parameters, 0.3, momentum: 0.9, dampening: 0, weight_decay: decay, nesterov: true, maximize: false)], 0.3);
}
