namespace MLNetTransfer.Backbones.Onnx;

/// <summary>The shape of a tensor of image data, without the batch.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Channels">The number of channels or features, 1 or more.</param>
/// <param name="IsSpatial">Whether each channel is a map of more than one pixel: [N, C, H, W] and not [N, C] or [N, C, 1, 1].</param>
internal sealed record TensorShape(string Name, int Channels, bool IsSpatial);
