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
        Shape = new(dimensions, 1, 1);
    }

    /// <summary>What a user types to choose it.</summary>
    public string Name { get; }

    /// <summary>The tensors of the graph whose features are taken, in the order they are concatenated.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>The number of features an image has here, 1 or more.</summary>
    public int Dimensions { get; }

    /// <summary>
    /// The shape of one image here. Where the cut takes several tensors, what counts is the concatenation of their averages: all channels, one
    /// pixel.
    /// </summary>
    public CutShape Shape { get; internal init; }

    /// <summary>
    /// The number of learnt weights at or below the cut: what a file that ends here has to hold. Running means and variances of batch
    /// normalisation are statistics, not weights.
    /// </summary>
    public long Parameters { get; internal init; }

    /// <summary>The multiplications (each with an addition) of the convolutions and matrix products at or below the cut, for one image.</summary>
    public long MultiplyAdds { get; internal init; }

    /// <summary>The name and the number of features, such as "last (1280)".</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} ({Dimensions})");
}
