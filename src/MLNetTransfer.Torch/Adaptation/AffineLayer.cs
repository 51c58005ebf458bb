using System.Numerics.Tensors;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>y = x W + b for a row x, with a rectifier behind it or not: what adapted features are made of, and what ONNX writes as Gemm and Relu.</summary>
/// <param name="weights">W: inputs x outputs.</param>
/// <param name="offset">b: one value an output.</param>
/// <param name="isRectified">Whether negative outputs become 0.</param>
public sealed class AffineLayer(Matrix weights, double[] offset, bool isRectified = false)
{
    /// <summary>W: inputs x outputs.</summary>
    public Matrix Weights { get; } = weights;

    /// <summary>b: one value an output.</summary>
    public IReadOnlyList<double> Offset => offset;

    /// <summary>Whether negative outputs become 0.</summary>
    public bool IsRectified { get; } = isRectified;

    internal Matrix Apply(Matrix rows)
    {
        var outputs = rows.Times(Weights).PlusRow(offset);
        if (IsRectified)
            TensorPrimitives.Max(outputs.Values, 0, outputs.Values);
        return outputs;
    }

    /// <summary>This layer without a rectifier, then another one, in one.</summary>
    internal AffineLayer Then(AffineLayer next) => new(
        Weights.Times(next.Weights), [.. new Matrix(1, offset.Length, offset).Times(next.Weights).PlusRow([.. next.Offset]).Values], next.IsRectified);
}
