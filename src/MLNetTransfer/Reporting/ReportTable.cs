namespace MLNetTransfer.Reporting;

/// <summary>A table of a report. Immutable.</summary>
public sealed class ReportTable
{
    /// <summary>The title of its section.</summary>
    public required string Title { get; init; }

    /// <summary>What it says, in a sentence or two.</summary>
    public required string Meaning { get; init; }

    /// <summary>The names of the columns: the first holds names, the others numbers.</summary>
    public required IReadOnlyList<string> Columns { get; init => field = [.. value]; }

    /// <summary>The rows, each with one text a column.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init => field = [.. value.Select(row => row.ToArray())]; }
}
