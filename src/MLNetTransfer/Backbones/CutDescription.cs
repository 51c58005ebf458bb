namespace MLNetTransfer.Backbones;

/// <summary>What a description file says about one cut.</summary>
public sealed class CutDescription
{
    /// <summary>What a user types to choose it; "last" and "auto" have meanings of their own and cannot be used.</summary>
    public required string Name { get; init; }

    /// <summary>The tensors of the graph whose pooled features are concatenated, in this order; one or more.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }
}
