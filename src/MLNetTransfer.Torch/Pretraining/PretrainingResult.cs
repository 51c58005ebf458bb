namespace MLNetTransfer.Torch.Pretraining;

/// <summary>A finished pretraining run.</summary>
/// <param name="Accuracy">Top-1 accuracy on held-out formula images, 0 to 1.</param>
/// <param name="HeldOut">How many held-out images that is.</param>
/// <param name="Onnx">The backbone as an ONNX file, batch normalisation folded into the convolutions.</param>
public sealed record PretrainingResult(double Accuracy, int HeldOut, ReadOnlyMemory<byte> Onnx);
