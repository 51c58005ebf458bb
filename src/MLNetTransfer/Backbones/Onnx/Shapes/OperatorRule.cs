namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>What an operator makes of its inputs: one entry an output, in their order.</summary>
internal delegate TensorFacts[] OperatorRule(NodeFacts node);
