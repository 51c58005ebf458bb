using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>Shares as bars, one under the other, each with its interval. Immutable.</summary>
public sealed class ReportBars
{
    /// <summary>The title of its section.</summary>
    public required string Title { get; init; }

    /// <summary>How it is to be read, in a sentence or two.</summary>
    public required string Meaning { get; init; }

    /// <summary>The label of the axis.</summary>
    public required string Label { get; init; }

    /// <summary>The bars, from top to bottom: a name, a share of 0 to 1, its interval. One or more.</summary>
    public required IReadOnlyList<(string Name, double Value, Interval Interval)> Bars { get; init => field = [.. value]; }

    /// <summary>Shares that all bars are compared with, as lines across them, up to three. Default: none.</summary>
    public IReadOnlyList<(string Name, double Value)> Lines { get; init => field = [.. value]; } = [];
}
