namespace MLNetTransfer.Torch.FineTuning;

/// <summary>A network whose upper layers were trained on some images.</summary>
/// <param name="Onnx">The network up to the features; empty when it was not asked for.</param>
/// <param name="Head">The output layer: the weights of every output, then the biases.</param>
/// <param name="Weights">The number of weights trained, those of the output layer included.</param>
/// <param name="Scores">The scores of the images that were to be predicted, Outputs an image.</param>
/// <param name="Epochs">What each epoch came to.</param>
/// <param name="Divergence">What went wrong, when training diverged and earlier weights were kept; null when nothing did.</param>
internal sealed record TunedNetwork(byte[] Onnx, double[] Head, long Weights, double[] Scores, IReadOnlyList<EpochFigures> Epochs, string? Divergence);
