namespace MLNetTransfer.Torch.Experiments;

/// <summary>Where an image lies in a plane.</summary>
/// <param name="IsTarget">Whether it is of the target.</param>
/// <param name="Class">Its class, which a method never saw of the target.</param>
/// <param name="First">Its first principal component of both domains' features.</param>
/// <param name="Second">Its second.</param>
public sealed record EmbeddedImage(bool IsTarget, string Class, double First, double Second);
