namespace MLNetTransfer;

/// <summary>An image that could not be read, with the reason. Skipped images are always listed, never silently dropped.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Reason">Why it could not be read, in one sentence.</param>
public sealed record SkippedImage(string Path, string Reason);
