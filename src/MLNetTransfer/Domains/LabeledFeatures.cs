namespace MLNetTransfer.Domains;

/// <summary>The bottlenecks of a labelled domain. Immutable.</summary>
public sealed class LabeledFeatures
{
    /// <summary>Joins features and labels.</summary>
    /// <param name="features">One row an image.</param>
    /// <param name="labels">The class of every row, an index into <paramref name="classes"/>.</param>
    /// <param name="classes">The names of the classes, 2 or more.</param>
    /// <exception cref="ArgumentException">Rows and labels differ in number, or a label is no index of a class.</exception>
    public LabeledFeatures(FeatureMatrix features, IReadOnlyList<int> labels, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (labels.Count != features.Rows)
            throw new ArgumentException($"Every row has a label; received {features.Rows} rows and {labels.Count} labels.", nameof(labels));
        if (labels.Any(label => label < 0 || label >= classes.Count))
            throw new ArgumentException($"Labels are indices from 0 to {classes.Count - 1}; received {labels.First(label => label < 0 || label >= classes.Count)}.", nameof(labels));
        (Features, Labels, Classes) = (features, [.. labels], [.. classes]);
    }

    /// <summary>One row an image.</summary>
    public FeatureMatrix Features { get; }

    /// <summary>The class of every row, an index into <see cref="Classes"/>.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The names of the classes. Some may have no row here.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The chosen rows, in the order given.</summary>
    public LabeledFeatures Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new LabeledFeatures(Features.Select(rows), [.. rows.Select(row => Labels[row])], Classes);
    }

    /// <summary>The same features, their labels left behind for good.</summary>
    public UnlabeledFeatures WithoutLabels() => new(Features);
}
