namespace MLNetTransfer.Torch.FineTuning;

/// <summary>What one epoch of a training came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="Loss">The mean training loss in nats, smoothed labels and changed images included.</param>
/// <param name="ValidationLoss">The mean loss of the images that training does not learn from; null without such.</param>
public sealed record EpochFigures(int Epoch, double LearningRate, double Loss, double? ValidationLoss);
