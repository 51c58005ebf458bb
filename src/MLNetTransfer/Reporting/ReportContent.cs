using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Reporting;

/// <summary>What a report says about one run. Immutable.</summary>
public sealed class ReportContent
{
    /// <summary>The title, such as "cracked or intact".</summary>
    public required string Title { get; init; }

    /// <summary>The finding in one sentence; null (default): the accuracy of the first evaluation and its interval.</summary>
    public string? Verdict { get; init; }

    /// <summary>The evaluations, the most important first. Default: none.</summary>
    public IReadOnlyList<ReportEvaluation> Evaluations { get; init => field = [.. value]; } = [];

    /// <summary>Plots, shown behind the evaluations. Default: none.</summary>
    public IReadOnlyList<ReportCurve> Curves { get; init => field = [.. value]; } = [];

    /// <summary>Bars, shown before the plots. Default: none.</summary>
    public IReadOnlyList<ReportBars> Bars { get; init => field = [.. value]; } = [];

    /// <summary>Points, shown behind the plots. Default: none.</summary>
    public IReadOnlyList<ReportScatter> Scatters { get; init => field = [.. value]; } = [];

    /// <summary>A few images and what their predictions rest on, shown behind the first evaluation; all by the same method. Default: none.</summary>
    public IReadOnlyList<ReportExplanation> Explanations { get; init => field = [.. value]; } = [];

    /// <summary>The comparison of two domains; null (default) for none.</summary>
    public DiagnosisResult? Diagnosis { get; init; }

    /// <summary>Further tables, shown behind the evaluations. Default: none.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init => field = [.. value]; } = [];

    /// <summary>The facts of the run, in the order they are shown. Default: none.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init => field = [.. value]; } = [];

    /// <summary>The images that could not be read. Default: none.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; init => field = [.. value]; } = [];
}
