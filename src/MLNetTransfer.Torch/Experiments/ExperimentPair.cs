namespace MLNetTransfer.Torch.Experiments;

/// <summary>A pair of domains as it was compared.</summary>
/// <param name="Source">The name of the labelled domain.</param>
/// <param name="Target">The name of the other.</param>
/// <param name="SourceImages">How many labelled images a repetition learns from.</param>
/// <param name="TargetImages">How many unlabelled images it adapts to.</param>
/// <param name="Shots">How many labelled images of the target the methods get that learn from them.</param>
/// <param name="TestImages">How many images it is tested on.</param>
/// <param name="IsTransductive">Whether these are the images adapted to.</param>
/// <param name="ADistance">The proxy A-distance of the features: 0 where a linear classifier cannot tell the domains apart, 2 where it tells all images. Of up to 500 images a domain.</param>
public sealed record ExperimentPair(string Source, string Target, int SourceImages, int TargetImages, int Shots, int TestImages, bool IsTransductive, double ADistance)
{
    /// <summary>The images in a plane, of the first seed; null unless asked for by <see cref="ExperimentOptions.Embeds"/>, and where the method is refused.</summary>
    public PairEmbedding? Embedding { get; init; }
}
