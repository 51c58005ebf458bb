using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>A matrix that stays in libtorch's memory while many products are made with it: an optimiser would spend as long on copying it.</summary>
internal sealed class ResidentMatrix : IDisposable
{
    private readonly Tensor _values;

    public ResidentMatrix(Matrix values)
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        _values = values.AsTensor().DetachFromDisposeScope();
    }

    /// <summary>this x other.</summary>
    public Matrix Times(Matrix other) => Product(other, isTransposed: false);

    /// <summary>this' x other.</summary>
    public Matrix TransposedTimes(Matrix other) => Product(other, isTransposed: true);

    public void Dispose() => _values.Dispose();

    private Matrix Product(Matrix other, bool isTransposed)
    {
        using var one = new OneThread();
        using var scope = NewDisposeScope();
        return Matrix.FromTensor(mm(isTransposed ? _values.t() : _values, other.AsTensor()));
    }
}
