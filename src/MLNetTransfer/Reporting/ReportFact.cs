namespace MLNetTransfer.Reporting;

/// <summary>One line about the run that a report states as it is, such as the backbone or the seed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value, as text.</param>
public sealed record ReportFact(string Name, string Value);
