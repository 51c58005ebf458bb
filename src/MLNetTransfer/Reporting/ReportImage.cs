namespace MLNetTransfer.Reporting;

/// <summary>One image that was predicted wrong.</summary>
/// <param name="Path">The file. One that cannot be read is shown as a placeholder.</param>
/// <param name="Actual">The class it is of.</param>
/// <param name="Predicted">The class it was given.</param>
/// <param name="Probability">The probability of the predicted class, 0 to 1.</param>
public sealed record ReportImage(string Path, string Actual, string Predicted, double Probability);
