namespace MLNetTransfer.Diagnosis;

/// <summary>Which scenario it is, why, and what to do. Immutable.</summary>
public sealed class DiagnosisResult
{
    internal DiagnosisResult(Scenario scenario, IReadOnlyList<string> reasons, string recommendation, DiagnosisEvidence evidence) =>
        (Scenario, Reasons, Recommendation, Evidence) = (scenario, reasons, recommendation, evidence);

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The findings, in sentences: first what settled the scenario, then what else is worth knowing.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>What to do, in plain English.</summary>
    public string Recommendation { get; }

    /// <summary>What the diagnosis rests on.</summary>
    public DiagnosisEvidence Evidence { get; }

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; internal init; } = [];
}
