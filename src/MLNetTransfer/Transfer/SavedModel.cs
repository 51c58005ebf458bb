using MLNetTransfer.Heads;

namespace MLNetTransfer.Transfer;

/// <summary>What serving needs of a model file, every byte of it checked.</summary>
/// <param name="Card">The card.</param>
/// <param name="Onnx">The network from images to features.</param>
/// <param name="Head">The head; null in a file of version 0.1, which has it only inside the ML.NET model.</param>
internal sealed record SavedModel(ModelCard Card, byte[] Onnx, LinearHead? Head);
