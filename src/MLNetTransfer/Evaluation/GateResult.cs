namespace MLNetTransfer.Evaluation;

/// <summary>What an <see cref="AccuracyGate"/> found.</summary>
public sealed class GateResult
{
    internal GateResult(IReadOnlyList<string> failures) => Failures = failures;

    /// <summary>True when every requirement was met.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>One readable line for each requirement that was not met.</summary>
    public IReadOnlyList<string> Failures { get; }

    /// <summary>"passed", or the failures, one a line.</summary>
    public override string ToString() => Passed ? "passed" : string.Join('\n', Failures);
}
