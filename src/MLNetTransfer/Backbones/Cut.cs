namespace MLNetTransfer.Backbones;

/// <summary>
/// A named place in a backbone: one tensor, or several whose pooled features are concatenated. What lies below is reused, what lies above
/// is replaced.
/// </summary>
public sealed class Cut
{
    /// <summary>The name that always means the default cut of a backbone.</summary>
    public const string Last = "last";

    /// <summary>The name that leaves the choice of the cut to cross-validation.</summary>
    public const string Auto = "auto";

    internal Cut(string name, IReadOnlyList<string> tensors, int dimensions)
    {
        Name = name;
        Tensors = tensors;
        Dimensions = dimensions;
    }

    /// <summary>What a user types to choose it.</summary>
    public string Name { get; }

    /// <summary>The tensors of the graph whose features are taken, in the order they are concatenated.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>The number of features an image has here, 1 or more.</summary>
    public int Dimensions { get; }

    /// <summary>The name and the number of features, such as "last (1280)".</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} ({Dimensions})");
}
