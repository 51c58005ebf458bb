using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>What cross-validation found about one choice of layers.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Dimensions">The number of features the output layer reads.</param>
/// <param name="MultiplyAdds">The multiply-adds of the kept layers for one image: what a prediction costs.</param>
/// <param name="Accuracy">The share of the images decided right by models that had not seen them, 0 to 1; the mean over repetitions.</param>
/// <param name="Interval">The 95 % interval of the accuracy (Wilson, on the number of images).</param>
/// <param name="LogLoss">Their mean log-loss, classes weighed as in training.</param>
/// <param name="Images">The number of images it was measured on: all of them, or fewer where it was given up early.</param>
/// <param name="IsComplete">Whether it was trained in full on every fold; a choice that was given up was trained less.</param>
/// <param name="Seconds">What measuring it took.</param>
public sealed record LayerFigures(
    LayerChoice Choice, int Dimensions, long MultiplyAdds, double Accuracy, Interval Interval, double LogLoss, int Images, bool IsComplete, double Seconds);
