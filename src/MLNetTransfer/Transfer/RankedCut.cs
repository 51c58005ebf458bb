namespace MLNetTransfer.Transfer;

/// <summary>What a cut of a backbone promises for a task, found without training.</summary>
/// <param name="Backbone">The name of the backbone.</param>
/// <param name="Cut">The name of the cut.</param>
/// <param name="Dimensions">The number of features an image has there.</param>
/// <param name="MultiplyAdds">The multiply-adds at or below the cut for one image.</param>
/// <param name="LogMe">The log evidence an image in nats, any finite number, higher is better; see <see cref="Heads.Transferability.LogMe"/>.</param>
/// <param name="HScore">From 0 to the number of classes - 1, higher is better; see <see cref="Heads.Transferability.HScore"/>.</param>
public sealed record RankedCut(string Backbone, string Cut, int Dimensions, long MultiplyAdds, double LogMe, double HScore);
