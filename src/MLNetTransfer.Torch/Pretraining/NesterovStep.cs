using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>
/// The step of stochastic gradient descent with Nesterov momentum, the same to the bit as TorchSharp's own. That one, up to 0.107, hands
/// libtorch numbers that nothing refers to any more: a garbage collection amid the call, which images rendered meanwhile bring about,
/// frees them while they are read, and the step fails or uses another number. Here they live until the step is done.
/// </summary>
internal static class NesterovStep
{
    /// <summary>Moves every parameter that has a gradient; momentum is kept where the optimizer itself keeps and saves it.</summary>
    public static void Apply(SGD optimizer)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using Scalar one = 1.0;
        var states = optimizer.state_dict().State;
        var index = 0;
        foreach (var group in optimizer.ParamGroups.Cast<SGD.ParamGroup>())
        {
            var options = (SGD.Options)group.Options;
            using Scalar decay = options.weight_decay!.Value;
            using Scalar momentum = options.momentum!.Value;
            using Scalar rate = -group.LearningRate;
            foreach (var parameter in group.Parameters)
            {
                var state = (SGD.State)states[index++];
                var gradient = parameter.grad;
                if (gradient is null)
                    continue;
                if (options.weight_decay != 0)
                    gradient = gradient.add(parameter, decay);
                if (state.momentum_buffer is null)
                    state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                else
                    state.momentum_buffer.mul_(momentum).add_(gradient, one);
                parameter.add_(gradient.add(state.momentum_buffer, momentum), rate);
            }
        }
    }
}
