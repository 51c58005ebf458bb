using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>What a learning curve compares. Every default is usable as it is.</summary>
public sealed record LearningCurveOptions
{
    /// <summary>Backbone, cut, held-out images, seed, class weights, threads and cache.</summary>
    public TransferOptions Transfer { get; init; } = new() { TestFraction = 0.4 };

    /// <summary>Which layers <see cref="LearningMode.FineTuned"/> trains, and how; null to take the nearest cut of one tensor that leaves a third of the multiply-adds above it.</summary>
    public FineTuningOptions? FineTuning { get; init; }

    /// <summary>The numbers of labelled images of each class, each 1 or more; sizes that the images are too few for are left out and all of them are added. Default 1, 2, 5, 10, 20, 50.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [1, 2, 5, 10, 20, 50];

    /// <summary>How often images are drawn for each size, 2 or more; default 5.</summary>
    public int Draws { get; init; } = 5;

    /// <summary>What is compared; default everything.</summary>
    public IReadOnlyList<LearningMode> Modes { get; init; } = [LearningMode.Frozen, LearningMode.FineTuned, LearningMode.FromScratch, LearningMode.RandomFeatures];

    internal void Validate()
    {
        Transfer.Validate();
        FineTuning?.Validate();
        if (Sizes.Count == 0 || Sizes.Any(size => size < 1))
            throw new TransferException($"Sizes are numbers of images of each class, 1 or more; received {string.Join(", ", Sizes)}.");
        if (Draws < 2)
            throw new TransferException($"Draws is 2 or more, as one says nothing of chance; received {Draws}.");
        if (Modes.Count == 0)
            throw new TransferException("Modes names one or more ways to learn; received none.");
        if (Transfer.Test is null && Transfer.TestFraction == 0)
            throw new TransferException("A learning curve is measured on held-out images; received TestFraction 0 and no test images. Hold some out.");
    }
}
