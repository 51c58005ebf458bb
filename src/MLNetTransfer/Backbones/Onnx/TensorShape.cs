namespace MLNetTransfer.Backbones.Onnx;

/// <summary>The shape of a tensor of image data, without the batch.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Channels">The number of channels or features, 1 or more.</param>
/// <param name="Height">The height of a map in pixels; 1 for a row of features.</param>
/// <param name="Width">The width of a map in pixels; 1 for a row of features.</param>
/// <param name="IsChannelsLast">Whether its axes are [N, H, W, C] and not [N, C, H, W].</param>
internal sealed record TensorShape(string Name, int Channels, int Height = 1, int Width = 1, bool IsChannelsLast = false)
{
    /// <summary>Whether each channel is a map of more than one pixel.</summary>
    public bool IsSpatial => Height > 1 || Width > 1;
}
