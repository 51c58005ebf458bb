using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Transfer;

/// <summary>
/// What cross-validation on the training images found about one of the cuts to choose from. The figures of the chosen one are what it was
/// chosen by, and so a little too good; the validation of the model is made without the images it predicts, choice of the cut included.
/// </summary>
/// <param name="Name">The name of the cut.</param>
/// <param name="Dimensions">The number of features an image has there.</param>
/// <param name="Accuracy">The share of the images decided right, 0 to 1.</param>
/// <param name="Interval">The 95 % interval of the accuracy (Wilson).</param>
/// <param name="LogLoss">The mean log-loss, 0 or more, classes weighed as in training.</param>
public sealed record CutFigures(string Name, int Dimensions, double Accuracy, Interval Interval, double LogLoss);
