using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>One plot of points. Immutable.</summary>
public sealed class ScatterPlot
{
    /// <summary>What is above it.</summary>
    public required string Title { get; init; }

    /// <summary>The label of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>The label of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>The points: one or more.</summary>
    public required IReadOnlyList<ScatterPoint> Points { get; init => field = [.. value]; }

    /// <summary>The ends of the horizontal axis; null (default) for round numbers around the points.</summary>
    public Interval? X { get; init; }

    /// <summary>The ends of the vertical axis; null (default) for round numbers around the points.</summary>
    public Interval? Y { get; init; }
}
