using System.Numerics.Tensors;
using MLNetTransfer.Torch.Graph;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// The training of the layers above a cut: epochs of shuffled batches, each a pass forth and back and a step. A batch is always divided into the same shards, whose gradients are
/// added in order, and all that is random is drawn from the seed, the epoch and the image: the result is the same to the bit on any number of threads, and a run
/// that goes on from the end of an epoch is the run that was never cut off.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    /// <summary>Parts of a batch that can be computed at the same time.</summary>
    private const int Shards = 2;

    /// <summary>A loss this many times that of guessing, or of the beginning if that is more, is no way down any more.</summary>
    private const double DivergedAt = 4;

    private readonly ActivationStore _store;
    private readonly LearningTask _task;
    private readonly FineTuningOptions _options;
    private readonly int _seed;
    private readonly int _threads;
    private readonly TrainableNetwork[] _networks;

    /// <summary>Prepares a training.</summary>
    /// <param name="split">The layers to be trained.</param>
    /// <param name="store">What they are fed.</param>
    /// <param name="task">What they are to learn.</param>
    /// <param name="features">The number of features at the output of the network.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">The seed of everything random.</param>
    /// <param name="threads">Shards computed at a time; never changes the result.</param>
    public TrainingLoop(GraphSplit split, ActivationStore store, LearningTask task, int features, FineTuningOptions options, int seed, int threads)
    {
        (_store, _task, _options, _seed, _threads) = (store, task, options, seed, threads);
        _networks = [.. Enumerable.Range(0, Shards).Select(_ => new TrainableNetwork(split, store.Shapes, features, task.Classes == 2 ? 1 : task.Classes, options))];
    }

    /// <summary>The network that is trained.</summary>
    public TrainableNetwork Network => _networks[0];

    /// <summary>Trains.</summary>
    /// <param name="head">The output layer to begin with: weights, then biases.</param>
    /// <param name="learn">The images to learn from.</param>
    /// <param name="watch">Images to tell the best epoch by; none to take the last.</param>
    /// <param name="checkpoint">Where the training is kept after each epoch; null for nowhere.</param>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    public TrainedWeights Run(float[] head, int[] learn, int[] watch, TrainingCheckpoint? checkpoint, Action<EpochFigures>? progress, CancellationToken cancellation)
    {
        var weights = new float[Network.Length];
        Network.Read(weights);
        head.CopyTo(weights, Network.HeadStart);
        var step = new GradientStep(_options, Network.Ranges, weights);
        var state = new TrainingState(weights, step) { WatchedLoss = watch.Length == 0 ? double.PositiveInfinity : LossOf(weights, watch, cancellation) };
        checkpoint?.Restore(state);

        var batches = (learn.Length + _options.BatchSize - 1) / _options.BatchSize;
        var steps = (long)batches * _options.Epochs;
        while (state.Epochs.Count < _options.Epochs && state.Divergence is null && state.SinceBest < _options.Patience)
        {
            var epoch = state.Epochs.Count;
            var order = RandomStream.Derive(_seed, "order").At(epoch);
            int[] shuffled = [.. learn];
            order.Shuffle(shuffled.AsSpan());
            var (sum, rate, first) = (0d, 0d, 0d);
            for (var batch = 0; batch < batches; batch++)
            {
                cancellation.ThrowIfCancellationRequested();
                rate = _options.LearningRate * LearningRates.ShareAt(((long)epoch * batches) + batch, steps, _options.WarmUp);
                var images = shuffled.AsSpan(learn.Length * batch / batches, learn.Length * (batch + 1) / batches - learn.Length * batch / batches);
                var (loss, gradient) = GradientOf(state.Weights, new TrainingBatch(_store, _task, images, epoch, order, _options));
                sum += loss * images.Length / learn.Length;
                first = batch == 0 ? loss : first;
                if (!double.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(gradient)))
                    sum = double.NaN;
                if (!double.IsFinite(sum))
                    break;
                step.Apply(state.Weights, gradient, rate, ((long)epoch * batches) + batch);
            }
            if (!(sum <= DivergedAt * Math.Max(Math.Log(_task.Classes), epoch == 0 ? first : state.Epochs[0].Loss)))
            {
                state.Divergence = Describe(state, rate, sum);
                break;
            }
            double? watched = watch.Length == 0 ? null : LossOf(state.Weights, watch, cancellation);
            state.Close(new EpochFigures(epoch + 1, rate, sum, watched));
            checkpoint?.Save(state);
            progress?.Invoke(state.Epochs[^1]);
        }
        return new TrainedWeights(state.Best, state.Epochs, state.Divergence);
    }

    private string Describe(TrainingState state, double rate, double loss) =>
        FormattableString.Invariant($"Training diverged in epoch {state.Epochs.Count + 1} at a learning rate of {rate:g3} (loss {loss:g3}); the weights of ")
        + (state.BestEpoch == 0 ? "the beginning, where the head alone was trained," : FormattableString.Invariant($"epoch {state.BestEpoch}"))
        + FormattableString.Invariant($" are kept. Lower the learning rate (received {_options.LearningRate:g3}).");

    /// <summary>The scores of images as they are.</summary>
    public float[] Score(float[] weights, int[] images, CancellationToken cancellation)
    {
        Network.Load(weights);
        var scores = new float[images.Length * Network.Outputs];
        for (var start = 0; start < images.Length; start += _options.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = images.AsSpan(start, Math.Min(_options.BatchSize, images.Length - start));
            Network.Score(TrainingBatch.Plain(_store, some), some.Length).CopyTo(scores, start * Network.Outputs);
        }
        return scores;
    }

    /// <summary>The mean loss and its gradient.</summary>
    internal (double Loss, float[] Gradient) GradientOf(float[] weights, TrainingBatch batch)
    {
        var (losses, gradients) = (new double[Shards], new float[Shards][]);
        Parallel.For(0, Shards, new ParallelOptions { MaxDegreeOfParallelism = _threads }, shard =>
        {
            gradients[shard] = new float[weights.Length];
            var part = batch.Part(shard, Shards);
            if (part.Images == 0)
                return;
            _networks[shard].Load(weights);
            losses[shard] = _networks[shard].Backward(part.Activations, part.Images, part.Mask(Network.Features), part.LossAndGradient, gradients[shard]);
        });
        for (var shard = 1; shard < Shards; shard++)
            TensorPrimitives.Add(gradients[0], gradients[shard], gradients[0]);
        if (Network.HasStatistics)
            MeanStatistics(weights);
        return (losses.Sum(), gradients[0]);
    }

    /// <summary>Running statistics are not moved by a gradient: they are the mean of what the shards saw.</summary>
    private void MeanStatistics(float[] weights)
    {
        var (sum, next) = (new float[weights.Length], new float[weights.Length]);
        foreach (var network in _networks)
        {
            network.Read(next);
            TensorPrimitives.Add(sum, next, sum);
        }
        foreach (var range in Network.Ranges.Where(range => range.Rate == 0))
            TensorPrimitives.Divide(sum.AsSpan(range.Start, range.Length), Shards, weights.AsSpan(range.Start, range.Length));
    }

    private double LossOf(float[] weights, int[] images, CancellationToken cancellation)
    {
        var (scores, target, gradient) = (Score(weights, images, cancellation), new double[_task.Classes], new double[Network.Outputs]);
        var (sum, total) = (0d, 0d);
        for (var i = 0; i < images.Length; i++)
        {
            var (label, weight) = (_task.Labels[images[i]], _task.ClassWeights[_task.Labels[images[i]]]);
            Array.Clear(target);
            target[label] = 1;
            sum += FineTuningLoss.Evaluate(scores.AsSpan(i * Network.Outputs, Network.Outputs), target, weight, gradient);
            total += weight;
        }
        return sum / total;
    }

    public void Dispose()
    {
        foreach (var network in _networks)
            network.Dispose();
    }
}
