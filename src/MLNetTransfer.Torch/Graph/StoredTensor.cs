using MLNetTransfer.Backbones.Onnx;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph;

/// <summary>Turns the constants of an ONNX file into tensors.</summary>
internal static class StoredTensor
{
    /// <summary>A tensor of 32-bit floats or 64-bit integers with the numbers of a constant.</summary>
    /// <exception cref="TransferException">It is of another type.</exception>
    public static Tensor Read(TensorProto tensor)
    {
        long[] shape = [.. tensor.Dims];
        if (tensor.FloatValues(int.MaxValue) is { } floats)
            return torch(floats, shape);
        if (tensor.WholeValues(int.MaxValue) is { } whole)
            return from_array(whole).reshape(shape);
        throw new TransferException($"Layers are trained whose numbers are 32-bit floats; the tensor '{tensor.Name}' is of type "
            + $"{(TensorProto.Types.DataType)tensor.DataType}. Use an unquantised export of the network.");

        static Tensor torch(float[] values, long[] dims) => TorchSharp.torch.tensor(values, dims);
    }
}
