using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Computes the outputs of a node from its inputs; null stands for an input that is left out.</summary>
internal delegate Tensor[] Operator(Tensor?[] inputs);
