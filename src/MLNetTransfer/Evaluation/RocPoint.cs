namespace MLNetTransfer.Evaluation;

/// <summary>One point of a receiver operating characteristic.</summary>
/// <param name="FalsePositiveRate">The share of the negative images called positive, 0 to 1.</param>
/// <param name="TruePositiveRate">The share of the positive images called positive, 0 to 1.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate);
