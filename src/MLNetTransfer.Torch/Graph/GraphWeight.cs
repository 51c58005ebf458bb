using TorchSharp.Modules;

namespace MLNetTransfer.Torch.Graph;

/// <summary>A weight of a network that can be trained.</summary>
/// <param name="Name">The name of its tensor in the ONNX file.</param>
/// <param name="Parameter">Its values, and its gradient after a backward pass.</param>
/// <param name="Layer">The layer it belongs to, counted from 0 at the lowest trained one.</param>
/// <param name="IsMatrix">Whether it is the kernel of a convolution or a matrix, which decay; biases, scales and shifts do not.</param>
/// <param name="Channels">The output channels, where they are the first axis, as in the kernel of a convolution; otherwise 1.</param>
public sealed record GraphWeight(string Name, Parameter Parameter, int Layer, bool IsMatrix, int Channels);
