namespace MLNetTransfer.Torch.Experiments;

/// <summary>The methods on the features of one backbone and cut. Immutable.</summary>
/// <param name="Backbone">The name of the network.</param>
/// <param name="BackboneSha256">The SHA-256 of its file.</param>
/// <param name="Cut">The cut.</param>
/// <param name="Dimensions">The number of features an image has there.</param>
/// <param name="Pairs">The pairs of domains, in the order of the experiment.</param>
/// <param name="Entries">
/// Every method once for each way to choose its hyper-parameters, in the order of the experiment: by default, by every scorer, by the test labels. "auto", the method chosen as well, comes
/// last of each; then what labels of the target are worth.
/// </param>
public sealed record ExperimentComparison(
    string Backbone, string BackboneSha256, string Cut, int Dimensions, IReadOnlyList<ExperimentPair> Pairs, IReadOnlyList<ExperimentEntry> Entries)
{
    /// <summary>An entry; null where there is none.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="choice">How hyper-parameters were chosen; see <see cref="ExperimentEntry.Choice"/>.</param>
    public ExperimentEntry? Find(string method, string choice) => Entries.FirstOrDefault(entry => entry.Method == method && entry.Choice == choice);
}
