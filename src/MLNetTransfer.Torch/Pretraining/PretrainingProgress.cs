namespace MLNetTransfer.Torch.Pretraining;

/// <summary>Where pretraining stands, reported at every checkpoint.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Steps">Optimizer steps in all.</param>
/// <param name="Images">Images seen.</param>
/// <param name="Loss">Mean cross-entropy, in nats, since the last report.</param>
/// <param name="Accuracy">Share of images classified right since the last report; every image was new when it was seen.</param>
/// <param name="ImagesPerSecond">Speed since the last report.</param>
public sealed record PretrainingProgress(long Step, long Steps, long Images, double Loss, double Accuracy, double ImagesPerSecond);
