using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>The trainings that make and measure one model: one on all images, and one a fold of a cross-validation, side by side.</summary>
internal static class Trainings
{
    /// <summary>Runs them all.</summary>
    /// <returns>The network trained on all images, the scores of every image by a network that saw neither it nor a near-duplicate, and its fold.</returns>
    public static (TunedNetwork Final, double[] OutOfFold, int[] Folds) Run(
        UpperLayers layers, int[] labels, int[] groups, int classes, FineTuningOptions options, TransferOptions transfer, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, labels.Length)];
        var count = HeadSelection.FoldCount(labels, groups, all, classes, options.Folds);
        var folds = StratifiedSplit.Folds(labels, groups, count, transfer.Seed);
        var (threads, outputs) = (transfer.Threads ?? Environment.ProcessorCount, LinearModel.OutputsFor(classes));
        var trained = new TunedNetwork[count + 1];
        var (done, total, gate) = (0, (count + 1) * options.Epochs, new Lock());
        progress?.Report(new TransferProgress("fine-tuning", 0, total));
        InParallel(count + 1, threads, cancellation, training =>
        {
            int[] learn = training == count ? all : [.. all.Where(row => folds[row] != training)];
            int[] predicted = training == count ? [] : [.. all.Where(row => folds[row] == training)];
            trained[training] = layers.Train(learn, predicted, training == count ? "final" : FormattableString.Invariant($"fold-{training + 1}"), Math.Max(1, threads / (count + 1)), writes: training == count,
                _ => { lock (gate) progress?.Report(new TransferProgress("fine-tuning", Math.Min(++done, total), total)); }, cancellation);
        });
        progress?.Report(new TransferProgress("fine-tuning", total, total));
        return (trained[count], Gather(trained, folds, outputs), folds);
    }

    /// <summary>Probabilities and decisions of every image, calibrated and decided by what the other folds say.</summary>
    public static (FeatureMatrix Probabilities, int[] Decisions) DecideOutOfFold(double[] scores, int[] folds, int[] labels, int classes)
    {
        var outputs = LinearModel.OutputsFor(classes);
        var (probabilities, decisions, row) = (new float[labels.Length * classes], new int[labels.Length], new double[classes]);
        for (var fold = 0; fold <= folds.Max(); fold++)
        {
            int[] others = [.. Enumerable.Range(0, labels.Length).Where(i => folds[i] != fold)];
            var selection = HeadSelection.OfScores(0, outputs == 1 ? [.. others.Select(i => scores[i])] : [], [.. others.Select(i => labels[i])], [.. others.Select(i => folds[i] > fold ? folds[i] - 1 : folds[i])]);
            for (var i = 0; i < labels.Length; i++)
            {
                if (folds[i] != fold)
                    continue;
                decisions[i] = selection.Decide(scores.AsSpan(i * outputs, outputs).ToArray(), row);
                for (var k = 0; k < classes; k++)
                    probabilities[i * classes + k] = (float)row[k];
            }
        }
        return (new FeatureMatrix(labels.Length, classes, probabilities), decisions);
    }

    /// <summary>The scores of the folds, put back at their images.</summary>
    public static double[] Gather(IReadOnlyList<TunedNetwork> trained, int[] folds, int outputs)
    {
        var (scores, next) = (new double[folds.Length * outputs], new int[trained.Count]);
        for (var i = 0; i < folds.Length; i++)
            trained[folds[i]].Scores.AsSpan(next[folds[i]]++ * outputs, outputs).CopyTo(scores.AsSpan(i * outputs));
        return scores;
    }

    /// <summary>Runs work on threads of its own and lets its own faults through, not their collection.</summary>
    public static void InParallel(int count, int threads, CancellationToken cancellation, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, work);
        }
        catch (AggregateException error)
        {
            cancellation.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
