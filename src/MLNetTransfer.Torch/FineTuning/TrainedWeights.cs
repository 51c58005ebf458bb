namespace MLNetTransfer.Torch.FineTuning;

/// <summary>What a training came to.</summary>
/// <param name="Weights">All weights of the network, those of the best epoch.</param>
/// <param name="Epochs">What each epoch came to.</param>
/// <param name="Divergence">What went wrong, when training diverged and earlier weights were kept; null when nothing did.</param>
internal sealed record TrainedWeights(float[] Weights, IReadOnlyList<EpochFigures> Epochs, string? Divergence);
