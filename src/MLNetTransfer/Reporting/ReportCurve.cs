namespace MLNetTransfer.Reporting;

/// <summary>A plot of a report: lines with bands, and single points. Immutable.</summary>
public sealed class ReportCurve
{
    /// <summary>The title of its section.</summary>
    public required string Title { get; init; }

    /// <summary>How it is to be read, in a sentence or two.</summary>
    public required string Meaning { get; init; }

    /// <summary>The label of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>The label of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>The values at the ticks of the horizontal axis, at equal distances; null (default) for a line of numbers from 0 to 1.</summary>
    public IReadOnlyList<string>? Ticks { get; init => field = value is null ? null : [.. value]; }

    /// <summary>The lines, up to five. With <see cref="Ticks"/> a point's X is the index of its tick.</summary>
    public required IReadOnlyList<CurveLine> Lines { get; init => field = [.. value]; }

    /// <summary>Single points with the text that appears when the pointer rests on them. Default: none.</summary>
    public IReadOnlyList<(CurvePoint Point, string Text)> Points { get; init => field = [.. value]; } = [];
}
