namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>How many layers of a network are kept, how many of those train, and what the head is.</summary>
/// <param name="Cut">The cut up to which layers are kept; the rest is dropped.</param>
/// <param name="FineTunedFrom">The cut above which the kept layers train, or "image" for all; null when all are frozen.</param>
/// <param name="HiddenUnits">Units of a hidden layer of the head; 0 for none.</param>
public sealed record LayerChoice(string Cut, string? FineTunedFrom = null, int HiddenUnits = 0)
{
    /// <summary>The choice in words.</summary>
    public override string ToString() =>
        $"{Cut}{(FineTunedFrom is null ? ", frozen" : $", trained from {FineTunedFrom}")}{(HiddenUnits == 0 ? "" : FormattableString.Invariant($", {HiddenUnits} hidden units"))}";
}
