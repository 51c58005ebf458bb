namespace MLNetTransfer.Torch.Experiments;

/// <summary>The images of a pair in the plane of the two directions in which they vary most, before a method and after it. Immutable.</summary>
/// <param name="Method">The method: of those that move features the one of the best mean accuracy with its default hyper-parameters, which test labels say.</param>
/// <param name="Before">The images by the features of the network: source, then test images, up to 250 of each.</param>
/// <param name="After">The same by the features that the adapted classifier reads.</param>
public sealed record PairEmbedding(string Method, IReadOnlyList<EmbeddedImage> Before, IReadOnlyList<EmbeddedImage> After);
