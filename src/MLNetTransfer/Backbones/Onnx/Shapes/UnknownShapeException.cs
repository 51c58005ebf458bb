namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>Why the shape of a node's outputs is not known. Never leaves shape inference, which keeps the sentence for whoever asks for the tensor.</summary>
internal sealed class UnknownShapeException(string reason) : Exception(reason);
