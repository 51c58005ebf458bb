using MLNetTransfer.Transfer;
using static Microsoft.ML.Vision.ImageClassificationTrainer;

namespace MLNetTransfer.TensorFlow;

/// <summary>Turns what ML.NET's trainer reports into progress, stops it, and counts the images it read.</summary>
internal sealed class TrainingWatch(int learned, int watched, int epochs, IProgress<TransferProgress>? progress, CancellationToken cancellation)
{
    private int _learnedRead;
    private int _watchedRead;

    public void Report(ImageClassificationMetrics metrics)
    {
        // The one place where the trainer can be stopped: it takes no token.
        cancellation.ThrowIfCancellationRequested();
        if (metrics.Train is { } epoch)
        {
            progress?.Report(new TransferProgress("training the output layer", epoch.Epoch + 1, epochs));
            return;
        }
        var (read, isLearned) = (metrics.Bottleneck.Index, metrics.Bottleneck.DatasetUsed == ImageClassificationMetrics.Dataset.Train);
        (isLearned ? ref _learnedRead : ref _watchedRead) = read;
        progress?.Report(isLearned ? new TransferProgress("reading images", read, learned) : new TransferProgress("reading validation images", read, watched));
    }

    /// <summary>The rule against silent losses.</summary>
    public void RequireAllRead()
    {
        if (_learnedRead != learned || _watchedRead != watched)
            throw new TransferException(FormattableString.Invariant($"Every image that this library reads is trained on; ML.NET's trainer read {_learnedRead} of {learned} and {_watchedRead} of {watched} to validate, ")
                + "without saying which it left out. Convert the images to plain RGB JPEG.");
    }
}
