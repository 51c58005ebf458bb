namespace MLNetTransfer.Backbones.Catalog;

/// <summary>Where a download stands.</summary>
/// <param name="Activity">What is being done, in a few words: "downloading from huggingface.co", "verifying".</param>
/// <param name="Received">The bytes that are there, those of an earlier attempt included.</param>
/// <param name="Total">The bytes there will be; null while nobody knows.</param>
public sealed record FetchProgress(string Activity, long Received, long? Total);
