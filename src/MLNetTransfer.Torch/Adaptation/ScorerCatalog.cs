namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The scorers of this library, found by themselves: every class that can be made without arguments.</summary>
public static class ScorerCatalog
{
    /// <summary>The scorers, in ordinal order of their names.</summary>
    public static IReadOnlyList<AdaptationScorer> Scorers { get; } =
    [
        .. typeof(ScorerCatalog).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(AdaptationScorer)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (AdaptationScorer)Activator.CreateInstance(type)!)
            .OrderBy(scorer => scorer.Name, StringComparer.Ordinal),
    ];

    /// <summary>The scorer of a name.</summary>
    /// <exception cref="TransferException">There is none; the message lists those there are.</exception>
    public static AdaptationScorer Find(string name) =>
        Scorers.FirstOrDefault(scorer => scorer.Name == name)
        ?? throw new TransferException($"The scorers are {string.Join(", ", Scorers.Select(scorer => scorer.Name))}; received '{name}'. Choose one of them.");
}
