using MLNetTransfer.Torch.Pretraining;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>
/// Trains a network on a task above a cut. What lies below it is computed once for every image, in inference mode, and never touched again.
/// </summary>
internal static class TaskTraining
{
    private const int Chunk = 500;

    /// <summary>Trains all that lies above the first so many layers; 0 trains everything.</summary>
    /// <returns>The mean cross-entropy of the last epoch, in nats.</returns>
    public static double Run(CutNetwork network, int frozen, TaskImages images, TrainingPlan plan, RandomStream order)
    {
        using var activations = Below(network, frozen, images.Pixels);
        var trained = network.ParametersAbove(frozen).ToArray();
        using var optimizer = optim.SGD([Group(p => p.dim() > 1, plan.WeightDecay), Group(p => p.dim() <= 1, 0)], plan.LearningRate);
        var stepsAnEpoch = images.Count / plan.Batch;
        long[] indexes = [.. Enumerable.Range(0, images.Count)];
        var loss = 0.0;
        network.train();
        for (var step = 0; step < plan.Epochs * stepsAnEpoch; step++)
        {
            var at = step % stepsAnEpoch;
            if (at == 0)
            {
                order.Shuffle<long>(indexes);
                loss = 0;
            }

            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = plan.LearningRateAt(step);
            using var scope = NewDisposeScope();
            var batch = tensor(indexes.AsSpan(at * plan.Batch, plan.Batch).ToArray());
            var error = nn.functional.cross_entropy(network.Above(frozen, activations.index_select(0, batch)), images.Labels.index_select(0, batch));
            optimizer.zero_grad();
            error.backward();
            NesterovStep.Apply(optimizer);
            loss += error.data<float>()[0] / stepsAnEpoch;
            if (!double.IsFinite(loss))
                throw new TransferException(FormattableString.Invariant($"Training diverged: the loss of step {step} is not finite. Lower the learning rate (received {plan.LearningRate})."));
        }

        return loss;

        SGD.ParamGroup Group(Func<Parameter, bool> belongs, double decay) =>
            new(trained.Where(belongs), plan.LearningRate, momentum: 0.9, dampening: 0, weight_decay: decay, nesterov: true, maximize: false);
    }

    /// <summary>The share of images classified right.</summary>
    public static double Accuracy(CutNetwork network, TaskImages images)
    {
        using var quiet = no_grad();
        network.eval();
        var right = 0L;
        for (var first = 0; first < images.Count; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, images.Count - first);
            right += network.forward(images.Pixels.narrow(0, first, count)).argmax(1).eq(images.Labels.narrow(0, first, count)).sum().data<long>()[0];
        }

        return right / (double)images.Count;
    }

    /// <summary>
    /// Lets the normalisation of the first so many layers see images, their weights as they are: without it random features would differ from trained ones in
    /// scale too. Statistics that have seen 100 batches hold .6 % of what they began with.
    /// </summary>
    public static void TakeStatistics(CutNetwork network, int layers, TaskImages images, int batch)
    {
        using var quiet = no_grad();
        network.train();
        for (var step = 0; step < 100; step++)
        {
            using var scope = NewDisposeScope();
            network.Below(layers, images.Pixels.narrow(0, step * batch % (images.Count - batch + 1), batch));
        }
    }

    private static Tensor Below(CutNetwork network, int layers, Tensor pixels)
    {
        if (layers == 0)
            return pixels.alias();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        network.eval();
        var parts = new List<Tensor>();
        for (var first = 0L; first < pixels.shape[0]; first += Chunk)
        {
            using var inner = NewDisposeScope();
            parts.Add(network.Below(layers, pixels.narrow(0, first, Math.Min(Chunk, pixels.shape[0] - first))).MoveToOuterDisposeScope());
        }

        return cat(parts).MoveToOuterDisposeScope();
    }
}
