using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>y = x W + b for a row x, with a rectifier behind it or not: what adapted features are made of, and what ONNX writes as Gemm and Relu.</summary>
/// <param name="Weights">W: inputs x outputs.</param>
/// <param name="Offset">b: one value an output.</param>
/// <param name="IsRectified">Whether negative outputs become 0.</param>
public sealed record AffineLayer(Matrix Weights, double[] Offset, bool IsRectified = false);
