namespace MLNetTransfer.Transfer;

/// <summary>Where a transfer stands.</summary>
/// <param name="Stage">What is being done, in a few words: "reading images", "training the head".</param>
/// <param name="Done">Items of this stage done.</param>
/// <param name="Total">Items of this stage in all.</param>
public sealed record TransferProgress(string Stage, int Done, int Total);
