namespace MLNetTransfer.Reporting;

/// <summary>A line of a plot with the band of its intervals.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, from left to right.</param>
public sealed record CurveLine(string Name, IReadOnlyList<CurvePoint> Points);
