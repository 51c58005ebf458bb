namespace MLNetTransfer.Reporting;

/// <summary>Plots of points beside one another, with one legend. Immutable.</summary>
public sealed class ReportScatter
{
    /// <summary>The title of its section.</summary>
    public required string Title { get; init; }

    /// <summary>How it is to be read, in a sentence or two.</summary>
    public required string Meaning { get; init; }

    /// <summary>The plots: one or more.</summary>
    public required IReadOnlyList<ScatterPlot> Plots { get; init => field = [.. value]; }

    /// <summary>What the colours stand for; up to ten are told apart. Empty (default) for points of one kind.</summary>
    public IReadOnlyList<string> Colours { get; init => field = [.. value]; } = [];

    /// <summary>What hollow points are, and what filled ones; null (default) where all are filled.</summary>
    public (string Hollow, string Filled)? Fills { get; init; }
}
